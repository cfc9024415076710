using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Serialization;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Links;
using Spoo.Data.Links.Pictures;
using Spoo.Data.Links.Targets;

namespace Spoo.Web.Api.Links;

/// <summary>The fields that say where a link sends whom, how, and what is shown of it.</summary>
internal sealed record TargetFields
{
    private const string GeoRules = "geo_rules";
    private const string AbVariants = "ab_variants";
    private const string RedirectRules = "redirect_rules";
    private const string MetaTags = "meta_tags";
    private const string ExpiredUrl = "expired_redirect_url";
    private const string PreStartUrl = "pre_start_url";
    private const string StartsAt = "starts_at";
    private const string RedirectStatus = "redirect_status";

    /// <summary>More of them are no list of countries.</summary>
    private const int MostCountries = 500;

    private const int MostVariants = 10;

    private static readonly Dictionary<string, int> Statuses = LinkRedirects.Statuses.ToDictionary(status => status.ToString(CultureInfo.InvariantCulture));

    private static readonly string[] RuleFields = ["name", "url", "countries", "devices", "systems", "languages", "from", "until", "weight"];

    /// <summary>Null: nothing was said of it.</summary>
    public TargetsEdit? Targets { get; private init; }

    public Change<LinkPreview?>? Preview { get; private init; }

    public Change<string?>? Expired { get; private init; }

    public Change<DateTimeOffset?>? Starts { get; private init; }

    public Change<string?>? Early { get; private init; }

    public Change<bool?>? PassPath { get; private init; }

    public Change<int?>? Status { get; private init; }

    /// <param name="origin">Where this installation is, without a slash at the end.</param>
    public static TargetFields Read(JsonFields fields, Viewer viewer, string origin)
    {
        foreach (var name in new[] { GeoRules, AbVariants, RedirectRules, MetaTags, ExpiredUrl, StartsAt, PreStartUrl })
        {
            if (viewer.UserId is null && fields.Asks(name))
            {
                fields.Refuse(Refusal.SignInFirst with { Message = $"Authentication required to set {name}", Fields = [new FieldError(name, "needs an account")] });
            }
        }

        var targets = new TargetsEdit
        {
            All = fields.Has(RedirectRules) ? RulesIn(fields) : null,
            Countries = fields.Has(GeoRules) ? CountriesIn(fields) : null,
            Variants = fields.Has(AbVariants) ? VariantsIn(fields) : null,
        };
        return new TargetFields
        {
            Targets = targets is { All: null, Countries: null, Variants: null } ? null : targets,
            Preview = fields.Has(MetaTags) ? new(PreviewIn(fields, origin)) : null,
            Expired = fields.Has(ExpiredUrl) ? new(fields.Text(ExpiredUrl, Link.MaxLongUrlLength)) : null,
            Starts = fields.Has(StartsAt) ? new(fields.Instant(StartsAt)) : null,
            Early = fields.Has(PreStartUrl) ? new(fields.Text(PreStartUrl, Link.MaxLongUrlLength)) : null,
            PassPath = fields.Flag("pass_path") is { } pass ? new(pass) : null,
            Status = fields.Has(RedirectStatus) ? new(fields.Choice(RedirectStatus, Statuses)) : null,
        };
    }

    private static List<TargetRule> RulesIn(JsonFields fields)
    {
        var rules = new List<TargetRule>();
        if (!fields.Asks(RedirectRules))
        {
            return rules;
        }

        foreach (var (number, item) in fields.Objects(RedirectRules, 0, TargetRules.MaxCount).Index())
        {
            var rule = new TargetRule
            {
                Name = item.Text("name", TargetRule.MaxNameLength) ?? "",
                Url = item.RequiredText("url", Link.MaxLongUrlLength),
                Countries = Words("countries"),
                Devices = Words("devices"),
                Systems = Words("systems"),
                Languages = Words("languages"),
                From = item.Instant("from"),
                Until = item.Instant("until"),
                Weight = (int?)item.Whole("weight", 1, 100),
            };
            foreach (var unknown in item.Names.Except(RuleFields))
            {
                item.Refuse(unknown, $"A rule has {string.Join(", ", RuleFields)}");
            }

            var (read, field, problem) = TargetWords.Read(rule);
            if (problem is not null)
            {
                item.Refuse(Refusal.Invalid(problem.ToString(), field));
            }

            fields.Adopt(item, string.Create(CultureInfo.InvariantCulture, $"{RedirectRules}.{number}."));
            rules.Add(read ?? rule);

            IReadOnlyList<string> Words(string name) =>
                item.Texts(name, 0, TargetRule.MaxValues, text => text.Length is > 0 and <= TargetRule.MaxWordLength, "a word") ?? [];
        }

        return rules;
    }

    private static List<(string Country, string Url)> CountriesIn(JsonFields fields)
    {
        var countries = new List<(string Country, string Url)>();
        if (!fields.Asks(GeoRules))
        {
            return countries;
        }

        if (fields.Inner(GeoRules, MostCountries) is not { } inner)
        {
            return countries;
        }

        foreach (var name in inner.Names)
        {
            var code = name.Trim().ToUpperInvariant();
            var url = inner.RequiredText(name, Link.MaxLongUrlLength);
            if (countries.Exists(country => country.Country == code))
            {
                inner.Refuse(name, $"duplicate country code after normalisation: '{code}'");
            }
            else if (TargetWords.Country(code) is null || code.Length != 2)
            {
                inner.Refuse(Refusal.Invalid($"'{code}' is not a valid ISO 3166-1 alpha-2 country code", code));
            }

            countries.Add((code, url.Trim()));
        }

        fields.Adopt(inner, GeoRules + ".");
        return countries;
    }

    private static List<(string Url, int Weight)> VariantsIn(JsonFields fields)
    {
        var variants = new List<(string Url, int Weight)>();
        if (!fields.Asks(AbVariants))
        {
            return variants;
        }

        foreach (var (number, item) in fields.Objects(AbVariants, 0, MostVariants).Index())
        {
            if (!item.Has("weight"))
            {
                item.Refuse("weight", "Field required");
            }

            variants.Add((item.RequiredText("url", Link.MaxLongUrlLength).Trim(), (int)(item.Whole("weight", 1, 100) ?? 1)));
            item.RefuseOthers();
            fields.Adopt(item, string.Create(CultureInfo.InvariantCulture, $"{AbVariants}.{number}."));
        }

        return variants;
    }

    private static LinkPreview? PreviewIn(JsonFields fields, string origin)
    {
        if (!fields.Asks(MetaTags) || fields.Inner(MetaTags, most: 100) is not { } inner)
        {
            return null;
        }

        var title = Line(inner.RequiredText("title", LinkPreview.MaxTitleLength));
        var description = Line(inner.Text("description", LinkPreview.MaxDescriptionLength));
        var image = inner.Text("image", MaxImageText)?.Trim();
        var color = inner.Text("color", "#RRGGBB".Length)?.Trim();
        if (title.Length == 0 && inner.Refusal is null)
        {
            inner.Refuse("title", "String should have at least 1 characters");
        }

        PictureFile? picture = null;
        if (PictureFile.IsMeant(image))
        {
            (picture, var problem) = PictureFile.Read(image!);
            image = null;
            if (problem is not null)
            {
                inner.Refuse(Refusal.Invalid(problem.ToString(), "image"));
            }
        }
        else if (image is { Length: > 0 } && !LinkPreview.IsImage(image))
        {
            inner.Refuse(Refusal.Invalid($"image should be an https:// address of up to {LinkPreview.MaxImageLength} characters, and no SVG; or data:image/png, jpeg or webp;base64, and the picture", "image"));
        }

        if (color is { Length: > 0 } && !LinkPreview.IsColor(color))
        {
            inner.Refuse("color", "String should be a colour such as #1A2B3C");
        }

        foreach (var unknown in inner.Names.Except(["title", "description", "image", "color", "warnings"]))
        {
            inner.Refuse(unknown, "meta_tags has title, description, image and color");
        }

        fields.Adopt(inner, MetaTags + ".");
        return new LinkPreview { Title = title, Description = Some(description), Image = Some(image), Color = Some(color), Brought = picture is null ? null : new(picture, origin) };

        static string Line(string? text) => string.Concat((text ?? "").Where(letter => !char.IsControl(letter))).Trim();
        static string? Some(string? text) => string.IsNullOrEmpty(text) ? null : text;
    }

    /// <summary>As long as spoo.me takes pictures in a field.</summary>
    private const int MaxImageText = 700_000;
}

/// <summary>A rule of a link. Of what is absent, it does not matter.</summary>
internal sealed record RedirectRuleBody(
    [property: Description("What its clicks are counted under (dimension target); made up where it is absent.")] string? Name,
    string Url,
    [property: Description("ISO 3166-1 alpha-2.")] IReadOnlyList<string>? Countries = null,
    [property: Description("desktop, mobile, tablet, other.")] IReadOnlyList<string>? Devices = null,
    [property: Description("iOS, Android, Windows, macOS, Linux, Chrome OS and others.")] IReadOnlyList<string>? Systems = null,
    [property: Description("ISO 639, such as de.")] IReadOnlyList<string>? Languages = null,
    [property: Description("The first moment at which it holds.")] DateTimeOffset? From = null,
    [property: Description("The moment from which on it holds no more.")] DateTimeOffset? Until = null,
    [property: Description("1 to 100: of those of whom the rest holds, so many in a hundred, and always the same visitors.")] int? Weight = null)
{
    /// <summary>Null: the link has none.</summary>
    public static IReadOnlyList<RedirectRuleBody>? Of(Link link) => link.Rules?.All.Select(rule => new RedirectRuleBody(
        rule.Name, rule.Url, Some(rule.Countries), Some(rule.Devices), Some(rule.Systems), Some(rule.Languages), rule.From, rule.Until, rule.Weight)).ToList();

    /// <summary>Null: no rule is of a country alone.</summary>
    public static IReadOnlyDictionary<string, string>? CountriesOf(Link link) =>
        link.Rules is { } rules && TargetsEdit.CountriesOf(rules.All) is { Count: > 0 } countries ? countries.ToDictionary(country => country.Country, country => country.Url) : null;

    private static IReadOnlyList<string>? Some(IReadOnlyList<string> words) => words.Count == 0 ? null : words;
}

internal sealed record VariantBody(string Url, [property: Description("1 to 100; what is left of a hundred goes to long_url.")] int Weight)
{
    /// <summary>Null: there is no split test of everybody.</summary>
    public static IReadOnlyList<VariantBody>? Of(Link link) =>
        link.Rules is { } rules && TargetsEdit.VariantsOf(rules.All) is { Count: > 0 } variants ? [.. variants.Select(variant => new VariantBody(variant.Url, variant.Weight))] : null;
}

/// <summary>The card that chats and networks draw.</summary>
internal sealed record MetaTagsBody(
    [property: Description("1 to 120 characters.")] string Title,
    [property: Description("Up to 240 characters."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Description = null,
    [property: Description("An https:// address, or a picture of up to 512,000 bytes as data:image/png;base64,… (jpeg, webp), which is kept and has an address from then on; no SVG, which no chat draws."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Image = null,
    [property: Description("Such as #1A2B3C."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Color = null)
{
    /// <summary>Null: the link has none of its own.</summary>
    public static MetaTagsBody? Of(Link link) => link.Preview is { } preview ? new(preview.Title, preview.Description, preview.Image, preview.Color) : null;
}
