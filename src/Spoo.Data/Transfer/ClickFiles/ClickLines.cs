using System.Globalization;
using System.Net;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;

namespace Spoo.Data.Transfer.ClickFiles;

/// <summary>Gives the words of a line their meaning, or says which of them has none.</summary>
internal static class ClickLines
{
    /// <summary>There were no links to click before. Dates from before are mistakes of a clock.</summary>
    private static readonly DateTimeOffset Earliest = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Clocks differ, and files are written in other zones.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(1);

    private static readonly ClickField[] GivenFields =
    [
        ClickField.Visitor, ClickField.Country, ClickField.Region, ClickField.City, ClickField.Browser, ClickField.Os, ClickField.Device, ClickField.Bot, ClickField.BotRule,
    ];

    private const int MaxVisitorLength = 1024;
    private const int MaxCountryLength = 100;

    /// <summary>The click; null, with the reason, when the line is none.</summary>
    public static ImportedClick? Read(ClickLine line, LineContext context, out Message? reason)
    {
        reason = line.Fault;
        if (reason is not null)
        {
            return null;
        }

        var faults = new Faults();
        var time = Time(line, ClickField.Time, context.Now, ref faults);
        if (time is null)
        {
            faults.Add(new Message("no time"));
        }

        var link = Name(line, ref faults);
        var (address, trigger, redirectMs, given) = (Address(line, ref faults), Trigger(line, ref faults), RedirectMs(line, ref faults), Given(line, ref faults));
        var longUrl = LongUrl(line, context, ref faults);
        var linkCreated = Time(line, ClickField.LinkCreated, context.Now, ref faults);
        reason = faults.First;
        if (reason is not null)
        {
            return null;
        }

        var key = context.KeyOf(line);
        var raw = new RawClick
        {
            LinkId = 0,
            Time = time!.Value,
            Address = address,
            Visitor = line.IsUntracked && line[ClickField.Ip] is null ? Click.NoVisitor : null,
            UserAgent = line[ClickField.UserAgent],
            Language = line[ClickField.Language],
            Referrer = line[ClickField.Referrer],
            UtmSource = line[ClickField.UtmSource],
            UtmMedium = line[ClickField.UtmMedium],
            UtmCampaign = line[ClickField.UtmCampaign],
            Trigger = trigger,
            Target = line[ClickField.Target],
            RedirectMs = redirectMs,
            Given = given,
            ImportKey = key.Value,
        };
        return new ImportedClick(line.Number, link!.Value, longUrl, linkCreated, raw.Time)
        {
            Key = key,
            Raw = raw,
            IsVisitorGuessed = raw.Given.Visitor is null && raw.Address is null && raw.Visitor is null,
            Id = line[ClickField.Id],
            Host = link.Value.Host is null ? line.Host : null,
            NotUnderstood = faults.NotUnderstood,
        };
    }

    /// <summary>As <see cref="Read"/>, of a line that tells only how many clicks there were, on a day or altogether.</summary>
    public static ImportedClick? ReadSum(ClickLine line, LineContext context, out Message? reason)
    {
        reason = line.Fault;
        if (reason is not null)
        {
            return null;
        }

        var faults = new Faults();
        var time = Time(line, ClickField.Time, context.Now, ref faults);
        var link = Name(line, ref faults);
        var clicks = FileNumbers.Count(line[ClickField.Clicks]);
        if (clicks is null or 0)
        {
            faults.Add(line.IsSum ? new Message("{0} is no number of clicks", Quoted(line[ClickField.Clicks]!)) : new Message("no number of clicks"));
        }

        var longUrl = LongUrl(line, context, ref faults);
        var linkCreated = Time(line, ClickField.LinkCreated, context.Now, ref faults);
        reason = faults.First;
        if (reason is not null)
        {
            return null;
        }

        // The link was there when it was clicked.
        var day = time is { } at ? line.Dates.DayOf(at) : ImportedTotal.NoDay;
        var noon = time is null || ImportedTotal.NoonOf(day) > context.Now ? context.Now : ImportedTotal.NoonOf(day);
        var created = time is null || linkCreated < noon ? linkCreated : noon;
        return new ImportedClick(line.Number, link!.Value, longUrl, created, noon)
        {
            Host = link.Value.Host is null ? line.Host : null,
            Sum = new ImportedSum(day, clicks!.Value),
            NotUnderstood = faults.NotUnderstood,
        };
    }

    private static DateTimeOffset? Time(ClickLine line, ClickField field, DateTimeOffset now, ref Faults faults)
    {
        if (line[field] is not { } text)
        {
            return null;
        }

        if (!line.Dates.TryParse(text, out var instant))
        {
            faults.Add(line.Dates.IsAmbiguous(text)
                ? new Message("the date {0} may be two different days: say which number is the day", Quoted(text))
                : FileDates.IsRounded(text)
                ? new Message("the time {0} is rounded, as spreadsheets do with long numbers: the column has to be a text there", Quoted(text))
                : field == ClickField.Time
                ? new Message("time {0} is neither ISO 8601 nor Unix seconds or milliseconds", Quoted(text))
                : new Message("creation time of the link {0} is neither ISO 8601 nor Unix seconds or milliseconds", Quoted(text)));
        }
        else if (instant < Earliest || instant > now + Ahead)
        {
            faults.Add(field == ClickField.Time
                ? new Message("time {0} is not between 1990 and tomorrow", Quoted(text))
                : new Message("creation time of the link {0} is not between 1990 and tomorrow", Quoted(text)));
        }

        return instant;
    }

    private static LinkName? Name(ClickLine line, ref Faults faults)
    {
        if (line[ClickField.ShortCode] is not { } text)
        {
            faults.Add(new Message("no short code"));
        }
        else if (line.NameOf(text) is { } name)
        {
            return name;
        }
        else
        {
            faults.Add(ShortCode.IsReserved(text)
                ? new Message("short code {0} is one of the server's own addresses", Quoted(text))
                : new Message("short code {0} is not made of 1 to {1} letters, digits, '-' and '_'", Quoted(text), ShortCode.MaxLength));
        }

        return null;
    }

    private static IPAddress? Address(ClickLine line, ref Faults faults)
    {
        if (line[ClickField.Ip] is not { } text)
        {
            return null;
        }

        if (line.Address is { } known)
        {
            return known;
        }

        if (!IPAddress.TryParse(text, out var address))
        {
            // Without the text: it may still be a visitor's address.
            faults.Add(new Message("ip is not an IPv4 or IPv6 address; what else tells visitors apart belongs into 'visitor'"));
        }

        return address;
    }

    private static string? LongUrl(ClickLine line, LineContext context, ref Faults faults)
    {
        if (line[ClickField.LongUrl] is not { } text)
        {
            return null;
        }

        if (text.Length <= Link.MaxLongUrlLength && context.MayLeadTo(text))
        {
            return text;
        }

        faults.Pass(ClickField.LongUrl, text);
        return null;
    }

    private static string? Country(ClickLine line, ref Faults faults)
    {
        if (NoValue.Strip(line[ClickField.Country], MaxCountryLength, NoValue.Unknown, NoValue.Country) is not { } text)
        {
            return null;
        }

        if (Countries.CodeOf(text) is { } country)
        {
            return country;
        }

        // Databases of addresses have codes of their own: EU, A1 for proxies, T1 for Tor.
        if (text.Length == 2 && text.All(char.IsAsciiLetterOrDigit))
        {
            return text.ToUpperInvariant();
        }

        faults.Pass(ClickField.Country, text);
        return null;
    }

    private static GivenValues Given(ClickLine line, ref Faults faults)
    {
        // Most files have no such values.
        if (!line.HasAny(GivenFields))
        {
            return GivenValues.None;
        }

        var given = new GivenValues
        {
            Visitor = OutsideText.Clean(line[ClickField.Visitor], MaxVisitorLength),
            Country = Country(line, ref faults),
            Region = line[ClickField.Region],
            City = line[ClickField.City],
            Browser = line[ClickField.Browser],
            Os = line[ClickField.Os],
            Device = line[ClickField.Device],
            IsBot = IsBot(line, ref faults),
            BotRule = NoValue.Strip(line[ClickField.BotRule], ClickAgent.MaxNameLength, NoValue.None, Bots.ImportedRule),
        };
        return given == GivenValues.None ? GivenValues.None : given;
    }

    private static string Trigger(ClickLine line, ref Faults faults)
    {
        switch (line[ClickField.Trigger]?.ToLowerInvariant())
        {
            case null or ClickSource.FollowedLink:
                return ClickSource.FollowedLink;
            case ClickSource.Qr:
                return ClickSource.Qr;
            default:
                faults.Pass(ClickField.Trigger, line[ClickField.Trigger]!);
                return ClickSource.FollowedLink;
        }
    }

    private static bool? IsBot(ClickLine line, ref Faults faults)
    {
        switch (line[ClickField.Bot]?.ToLowerInvariant())
        {
            case null:
                return null;
            case "true" or "1" or "yes":
                return true;
            case "false" or "0" or "no":
                return false;
            default:
                faults.Add(new Message("bot {0} is neither 'true' nor 'false'", Quoted(line[ClickField.Bot]!)));
                return null;
        }
    }

    private static int? RedirectMs(ClickLine line, ref Faults faults)
    {
        if (line[ClickField.RedirectMs] is not { } text)
        {
            return null;
        }

        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number <= Click.MaxRedirectMs)
        {
            return (int)decimal.Round(number);
        }

        faults.Pass(ClickField.RedirectMs, text);
        return null;
    }

    private static string Quoted(string text) => $"'{OutsideText.Clean(text, 60)}'";

    /// <summary>
    /// The first thing that is wrong with a line is the one that is reported. What is not understood and could be missing as well costs
    /// only itself: a country that is spelled strangely is no reason to lose a click.
    /// </summary>
    private struct Faults
    {
        private List<(ClickField, string)>? _notUnderstood;

        public Message? First { get; private set; }

        public readonly IReadOnlyList<(ClickField Field, string Text)> NotUnderstood => (IReadOnlyList<(ClickField, string)>?)_notUnderstood ?? [];

        public void Add(Message fault) => First ??= fault;

        public void Pass(ClickField field, string text) => (_notUnderstood ??= []).Add((field, text));
    }
}
