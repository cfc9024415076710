using System.Globalization;
using System.Text.Json;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.News;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;

namespace Spoo.Web.Api.ShortIo;

/// <summary>The <c>include</c> and <c>exclude</c> of a call, as conditions on clicks.</summary>
/// <param name="From">The first instant of <c>include.dt</c>. Null: it is not given.</param>
/// <param name="Until">The last instant of <c>include.dt</c>. Null: it is not given.</param>
internal sealed record ShortIoFilters(ClickTraits Include, ClickTraits Exclude, DateTimeOffset? From, DateTimeOffset? Until)
{
    /// <summary>More values of one filter than anybody writes.</summary>
    private const int MaxValues = 1000;

    private const int MaxLength = 2048;

    /// <summary>Filters about what is never stored here, and so cannot be kept to.</summary>
    private static readonly string[] NotStored = ["browserVersions", "statuses", "methods", "protos"];

    public static IReadOnlyList<string> Names { get; } =
        ["paths", "countries", "dt", "browsers", "human", "socials", "refhosts", "utmSources", "utmMediums", "utmCampaigns", .. NotStored];

    /// <summary>The same about the links of a domain, where they name links by their codes alone.</summary>
    /// <param name="host">Null: the installation's own.</param>
    public ShortIoFilters On(string? host)
    {
        return host is null ? this : this with { Include = Named(Include), Exclude = Named(Exclude) };

        ClickTraits Named(ClickTraits traits) => traits with { Links = [.. traits.Links.Select(code => new LinkName(host, code).ToString())] };
    }

    public IReadOnlyList<StatsFilter> Conditions =>
        [.. Of(Include, FilterOperator.Is), .. Of(Exclude, FilterOperator.IsNot)];

    public static ShortIoFilters Read(ShortIoFields fields)
    {
        var (include, from, until) = ReadBlock(fields, "include");
        var (exclude, _, _) = ReadBlock(fields, "exclude");
        return new ShortIoFilters(include, exclude, from, until);
    }

    private static (ClickTraits Traits, DateTimeOffset? From, DateTimeOffset? Until) ReadBlock(ShortIoFields fields, string block)
    {
        var traits = new ClickTraits();
        (DateTimeOffset? From, DateTimeOffset? Until) dates = (null, null);
        foreach (var (key, value) in fields.Entries(block))
        {
            var name = $"{block}.{key}";
            if (value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            if (NotStored.Contains(key))
            {
                fields.Refuse(name, "is not stored here, so there is nothing to choose by");
            }
            else if (!Names.Contains(key))
            {
                fields.Refuse(name, $"is not a filter; there are {string.Join(", ", Names.Except(NotStored))}");
            }
            else if (key == "human")
            {
                traits = traits with { IsHuman = Flag(fields, name, value) };
            }
            else if (Texts(fields, name, value) is { Count: > 0 } texts)
            {
                if (key == "dt")
                {
                    dates = Dates(fields, block, name, texts);
                }
                else
                {
                    traits = With(fields, traits, key, name, texts);
                }
            }
        }

        return (traits, dates.From, dates.Until);
    }

    private static ClickTraits With(ShortIoFields fields, ClickTraits traits, string key, string name, IReadOnlyList<string> texts) => key switch
    {
        "paths" => traits with { Links = [.. texts.Select(text => text.TrimStart('/'))] },
        "countries" => traits with { Countries = [.. texts.Select(text => Countries.Find(text)?.Code ?? text)] },
        "browsers" => traits with { Browsers = texts },
        "refhosts" => traits with { Referrers = Both(fields, name, traits.Referrers, texts.Select(Referrers.Normalise)) },
        "socials" => traits with { Referrers = Both(fields, name, traits.Referrers, texts.SelectMany(text => Network(fields, name, text))) },
        "utmSources" => traits with { UtmSources = texts },
        "utmMediums" => traits with { UtmMediums = texts },
        _ => traits with { UtmCampaigns = texts },
    };

    /// <summary>A network is a set of hosts, so the two filters about hosts are one list.</summary>
    private static IReadOnlyList<string> Both(ShortIoFields fields, string name, IReadOnlyList<string> given, IEnumerable<string> more)
    {
        if (given.Count > 0 && name.StartsWith("include", StringComparison.Ordinal))
        {
            fields.Refuse(name, "should not be given together with the other filter about where visitors came from");
        }

        return [.. given, .. more];
    }

    private static IReadOnlyList<string> Network(ShortIoFields fields, string name, string text)
    {
        if (SocialNetworks.Find(text) is { } network)
        {
            return network.Referrers;
        }

        fields.Refuse(name, $"should be among {string.Join(", ", SocialNetworks.All.Select(network => network.Name))}");
        return [];
    }

    private static bool? Flag(ShortIoFields fields, string name, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            default:
                fields.Refuse(name, "should be true or false");
                return null;
        }
    }

    private static List<string>? Texts(ShortIoFields fields, string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object && !value.EnumerateObject().Any())
        {
            // Left alone it would be no filter at all, and the numbers wrong.
            fields.Refuse(name, "should be a list; a JavaScript Set arrives without its values, so send Array.from(set)");
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > MaxValues
            || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String || item.GetString() is not { Length: > 0 and <= MaxLength }))
        {
            fields.Refuse(name, string.Create(CultureInfo.InvariantCulture, $"should be a list of at most {MaxValues} texts of 1 to {MaxLength} characters"));
            return null;
        }

        return [.. value.EnumerateArray().Select(item => item.GetString()!)];
    }

    private static (DateTimeOffset?, DateTimeOffset?) Dates(ShortIoFields fields, string block, string name, List<string> texts)
    {
        if (block == "include" && texts.Count == 2
            && DateParser.TryParse(texts[0], out var from) && DateParser.TryParse(texts[1], out var until) && from <= until)
        {
            return (from, until);
        }

        fields.Refuse(name, block == "include"
            ? "should be two times, the earlier one first"
            : "cannot be left out of the middle of a period; choose startDate and endDate around it");
        return (null, null);
    }

    private static IEnumerable<StatsFilter> Of(ClickTraits traits, FilterOperator op)
    {
        var lists = new (Dimension Dimension, IReadOnlyList<string> Values)[]
        {
            (Dimension.ShortCode, traits.Links),
            (Dimension.Country, traits.Countries),
            (Dimension.Browser, traits.Browsers),
            (Dimension.Referrer, traits.Referrers),
            (Dimension.UtmSource, traits.UtmSources),
            (Dimension.UtmMedium, traits.UtmMediums),
            (Dimension.UtmCampaign, traits.UtmCampaigns),
            (Dimension.VisitorType, traits.IsHuman is { } isHuman ? [isHuman ? Dimension.Human : Dimension.Bot] : []),
        };
        return lists.Where(list => list.Values.Count > 0).Select(list => new StatsFilter(list.Dimension, op, list.Values));
    }
}
