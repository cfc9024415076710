using System.Globalization;
using System.Text.Json;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Links;
using Spoo.Data.Links.Targets;

namespace Spoo.Data.Transfer.LinkFiles;

/// <summary>How another program writes links; docs/links.md lists them.</summary>
public sealed class LinkFileFormat
{
    /// <summary>Value of <c>--format</c>.</summary>
    public required string Name { get; init; }

    /// <summary>For people.</summary>
    public required string Title { get; init; }

    /// <summary>Names that belong together and tell the format; one of these sets is in the file.</summary>
    internal string[][] Marks { get; init; } = [];

    internal Kinds Kinds { get; init; } = Kinds.Csv | Kinds.Json;

    /// <summary>What to do with a value, by the simplified name of its column.</summary>
    internal IReadOnlyDictionary<string, Action<LinkRecord, string>> Columns { get; init; } = new Dictionary<string, Action<LinkRecord, string>>();

    /// <summary>Whether it is no program's, so that other columns are reported, and one that looks like codes is asked about.</summary>
    internal bool IsGeneric { get; init; }

    public override string ToString() => Name;
}

/// <summary>What a file says of one link.</summary>
internal sealed class LinkRecord
{
    public Dictionary<LinkColumn, string> Fields { get; private init; } = [];

    /// <summary>The host of the whole address that the code was taken from. Null: the file has the code alone.</summary>
    public string? Host { get; set; }

    /// <summary>The host, where it is none here.</summary>
    public string? FormerHost { get; set; }

    /// <summary>Further codes, or whole addresses, that lead to the same destination.</summary>
    public List<string> AlsoCodes { get; } = [];

    /// <summary>Whether the link had a password, which no file tells.</summary>
    public bool HadPassword { get; set; }

    /// <summary>Whether the value that was put last has no place here.</summary>
    public bool IsLeftOut { get; set; }

    public LinkRecord WithCode(string address)
    {
        var record = new LinkRecord { Fields = new Dictionary<LinkColumn, string>(Fields), HadPassword = HadPassword };

        // The clicks of all codes together are told once.
        record.Fields.Remove(LinkColumn.TotalClicks);
        record.SetAddress(address);
        return record;
    }

    /// <summary>Takes the code, and the host before it, of an address. What is no address stays what it is, so that what is wrong with it can be said.</summary>
    public void SetAddress(string text)
    {
        Fields[LinkColumn.ShortCode] = text.AsSpan().ContainsAny('/', '%') ? ShortAddress.CodeIn(ShortAddress.PathOf(text, out _), "") ?? text : text;
        Host = ShortAddress.HostOf(text) is { IsEmpty: false } host && text.Contains('/', StringComparison.Ordinal) ? host.ToString().ToLowerInvariant() : Host;
    }
}

/// <summary>The one list of formats of links. Those that few files look like come first.</summary>
public static class LinkFileFormats
{
    private static readonly Action<LinkRecord, string> Address = (link, text) => link.SetAddress(text);
    private static readonly Action<LinkRecord, string> OtherwiseAddress = (link, text) =>
    {
        if (!link.Fields.TryGetValue(LinkColumn.ShortCode, out var code))
        {
            link.SetAddress(text);
        }
        else if (ShortAddress.CodeIn(ShortAddress.PathOf(text, out _), "") == code)
        {
            // Where the code stands alone as well, the address says where it was.
            link.SetAddress(text);
        }
    };

    private static readonly Action<LinkRecord, string> Off = (link, text) => Switch(link, IsYes(text));
    private static readonly Action<LinkRecord, string> Archived = (link, text) =>
    {
        if (IsYes(text))
        {
            link.Fields[LinkColumn.Archived] = "true";
        }
    };

    private static readonly Action<LinkRecord, string> BitlyStatus = (link, text) =>
    {
        Switch(link, text.Equals("deleted", StringComparison.OrdinalIgnoreCase));
        Archived(link, text.ToLowerInvariant() is "archived" or "hidden" ? "true" : "false");
    };

    /// <summary>With which status visitors are sent on, where it is one that links here may have.</summary>
    private static readonly Action<LinkRecord, string> RedirectStatus = (link, text) => Take(
        link, LinkColumn.RedirectStatus, text, int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && LinkRedirects.Statuses.Contains(status));

    private static readonly Action<LinkRecord, string> EndedUrl = (link, text) => Take(link, LinkColumn.ExpiredRedirectUrl, text, IsWeb(text));

    private static readonly Action<LinkRecord, string> Host = (link, text) => link.Host ??= text.ToLowerInvariant();

    /// <summary>Of columns that say once more what another one says.</summary>
    private static readonly Action<LinkRecord, string> Again = (_, _) => { };

    private static readonly Action<LinkRecord, string> Locked = (link, text) => link.HadPassword |= IsYes(text) || text.Length > 5;
    private static readonly Action<LinkRecord, string> Clicks = To(LinkColumn.TotalClicks);

    public static IReadOnlyList<LinkFileFormat> All { get; } =
    [
        new()
        {
            Name = "shlink",
            Title = "Shlink",
            Marks = [["shortcode", "longurl", "datecreated"], ["shorturl", "longurl", "createdat", "visits"]],
            Columns = Names(
                (Address, ["shortcode"]), (OtherwiseAddress, ["shorturl"]), (To(LinkColumn.LongUrl), ["longurl"]), (To(LinkColumn.Title), ["title"]),
                (To(LinkColumn.Tags, text => text.Replace('|', ',')), ["tags"]), (To(LinkColumn.CreatedAt), ["createdat", "datecreated"]),
                (To(LinkColumn.StartsAt), ["meta.validsince"]), (To(LinkColumn.ExpireAfter), ["meta.validuntil"]), (To(LinkColumn.MaxClicks), ["meta.maxvisits"]),
                (To(LinkColumn.PassQuery), ["forwardquery"]), (Clicks, ["visits", "visitscount", "visitssummary.total"]), (Again, ["domain", "visitssummary.bots", "visitssummary.nonbots"])),
        },
        new()
        {
            Name = "yourls",
            Title = "YOURLS",
            Marks = [["keyword", "url", "timestamp"], ["shorturl", "url", "timestamp", "clicks"]],
            Kinds = Kinds.Csv | Kinds.Json | Kinds.Sql,
            Columns = Names(
                (Address, ["keyword", "shorturl"]), (To(LinkColumn.LongUrl, text => text.Replace("&amp;", "&", StringComparison.Ordinal)), ["url"]),
                (To(LinkColumn.Title), ["title"]), (To(LinkColumn.CreatedAt), ["timestamp"]), (Clicks, ["clicks"])),
        },
        new()
        {
            Name = "kutt",
            Title = "Kutt",
            Marks = [["address", "target", "visitcount"]],
            Columns = Names(
                (Address, ["address"]), (To(LinkColumn.LongUrl), ["target"]), (To(LinkColumn.Title), ["description"]), (To(LinkColumn.CreatedAt), ["createdat"]),
                (To(LinkColumn.ExpireAfter), ["expirein"]), (Off, ["banned"]), (Locked, ["password"]), (Clicks, ["visitcount"]), (Host, ["domain"]), (OtherwiseAddress, ["link"])),
        },
        new()
        {
            Name = "polr",
            Title = "Polr",
            Marks = [["shorturl", "longurl", "iscustom"]],
            Columns = Names(
                (Address, ["shorturl"]), (To(LinkColumn.LongUrl), ["longurl"]), (To(LinkColumn.CreatedAt), ["createdat"]), (Off, ["isdisabled"]),
                ((link, text) => link.HadPassword |= text.Length > 0, ["secretkey"]), (Clicks, ["clicks"])),
        },
        new()
        {
            Name = "bitly",
            Title = "Bitly",
            Marks = [["link", "customlink", "destinationurl"], ["id", "longurl", "custombitlinks"], ["longurl", "link", "title", "createdat"]],
            Columns = Names(
                (Address, ["id"]), (OtherwiseAddress, ["link"]),
                ((link, text) => link.AlsoCodes.AddRange(text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)), ["customlink", "custombitlinks"]),
                (To(LinkColumn.LongUrl), ["longurl", "destinationurl"]), (To(LinkColumn.Title), ["title"]), (To(LinkColumn.Tags), ["tags"]),
                (To(LinkColumn.CreatedAt), ["datecreated", "createdat"]), (BitlyStatus, ["status"]), (Off, ["isdeleted"]), (Archived, ["archived"]), (Clicks, ["engagements"])),
        },
        new()
        {
            Name = "dub",
            Title = "Dub",
            Marks = [["shortlink", "destinationurl"], ["key", "url", "shortlink"]],
            Columns = Names(
                (Address, ["shortlink", "key"]), (To(LinkColumn.LongUrl), ["destinationurl", "url"]), (To(LinkColumn.Title), ["title"]), (To(LinkColumn.Tags), ["tags"]),
                (To(LinkColumn.CreatedAt), ["createdat"]), (To(LinkColumn.ExpireAfter), ["expiresat"]), (EndedUrl, ["expiredurl"]),
                (To(LinkColumn.Note), ["comments"]), (Archived, ["archived"]), (System("iOS"), ["ios"]), (System("Android"), ["android"]), (Countries, ["geo"]),
                (Locked, ["password"]), (Clicks, ["clicks"]), (Again, ["domain", "qrcode"])),
        },
        new()
        {
            Name = "rebrandly",
            Title = "Rebrandly",
            Marks = [["slashtag", "destination"]],
            Columns = Names(
                (Address, ["slashtag"]), (OtherwiseAddress, ["shorturl"]), (To(LinkColumn.LongUrl), ["destination"]), (To(LinkColumn.Title), ["title"]), (To(LinkColumn.Tags), ["tags"]),
                (To(LinkColumn.CreatedAt), ["createdat"]), (Clicks, ["clicks"]), (Again, ["domain", "domain.fullname", "domainname"])),
        },
        new()
        {
            Name = "short.io",
            Title = "Short.io",
            Marks = [["shorturl", "originalurl"], ["originalpath", "originalurl"], ["path", "originalurl"], ["shorturls", "originalurls"]],
            Columns = Names(
                (Address, ["originalpath", "originalpaths", "path"]), (OtherwiseAddress, ["shorturl", "shorturls", "secureshorturl"]),
                (To(LinkColumn.LongUrl), ["originalurl", "originalurls"]), (To(LinkColumn.Title), ["title"]), (To(LinkColumn.Tags), ["tags"]),
                (To(LinkColumn.CreatedAt), ["createdat", "createdatdate"]), (To(LinkColumn.ExpireAfter), ["expiresat"]), (To(LinkColumn.MaxClicks), ["clickslimit"]),
                (EndedUrl, ["expiredurl"]), (RedirectStatus, ["redirecttype"]), (Archived, ["archived"]),
                ((link, text) => link.Fields[LinkColumn.PassQuery] = IsYes(text) ? "false" : "true", ["skipqs"]), (System("iOS"), ["iphoneurl"]), (System("Android"), ["androidurl"]),
                (Locked, ["password", "haspassword"]), (Clicks, ["clicks"])),
        },
        new()
        {
            Name = "tinyurl",
            Title = "TinyURL",
            Marks = [["alias", "url", "tinyurl"]],
            Columns = Names(
                (Address, ["alias"]), (To(LinkColumn.LongUrl), ["url"]), (To(LinkColumn.Tags), ["tags"]), (To(LinkColumn.CreatedAt), ["createdat"]),
                (To(LinkColumn.ExpireAfter), ["expiresat"]), (Off, ["deleted"]), (Archived, ["archived"]), (Clicks, ["hits"]),
                (Host, ["domain"]), (OtherwiseAddress, ["tinyurl"])),
        },
        new()
        {
            Name = "spoo.me",
            Title = "spoo.me",
            Marks = [["alias", "longurl", "totalclicks"], ["alias", "longurl", "passwordset"]],
            Columns = Names(
                [
                    .. Own(LinkColumn.ShortCode, LinkColumn.Domain, LinkColumn.Status, LinkColumn.Archived),
                    (Address, ["alias"]), (Host, ["domain"]), (Archived, ["archived"]), (Locked, ["passwordset"]), (GeoRules, ["georules"]),
                    ((link, text) => Switch(link, text.ToUpperInvariant() is "INACTIVE" or "BLOCKED"), ["status"]), (Again, ["abvariants"]),
                ]),
        },
        new()
        {
            Name = "chhoto",
            Title = "Chhoto URL",
            Marks = [["shortlink", "longlink"]],
            Columns = Names(
                (Address, ["shortlink"]), (To(LinkColumn.LongUrl), ["longlink"]), (To(LinkColumn.ExpireAfter, text => text == "0" ? null : text), ["expirytime"]),
                (To(LinkColumn.Title), ["notes"]), (Clicks, ["hits"])),
        },
        new()
        {
            Name = "sink",
            Title = "Sink",
            Marks = [["slug", "url", "updatedat"]],
            Columns = Names(
                (Address, ["slug"]), (To(LinkColumn.LongUrl), ["url"]), (To(LinkColumn.Title), ["title"]), (Otherwise(LinkColumn.Title), ["comment"]), (To(LinkColumn.Tags), ["tags"]),
                (To(LinkColumn.CreatedAt), ["createdat"]), (To(LinkColumn.ExpireAfter), ["expiration"]),
                (To(LinkColumn.PassQuery), ["redirectwithquery"]), (System("iOS"), ["apple"]), (System("Android"), ["google"]), (Countries, ["geo"]), (Locked, ["password"])),
        },
        new()
        {
            Name = "csv",
            Title = "CSV, NDJSON",
            IsGeneric = true,
            Columns = Generic(),
        },
    ];

    public static LinkFileFormat? Find(string name) => All.FirstOrDefault(format => format.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The format of a file, and the names that told it. What is of no program is read by the names of columns.</summary>
    internal static (LinkFileFormat Format, string[] Told) Recognise(FileShape shape) => All
        .Where(format => format.Kinds.HasFlag(shape.Kind))
        .Select(format => (Format: format, Told: format.Marks.FirstOrDefault(shape.Names.IsSupersetOf) ?? (shape.Kind == Kinds.Sql ? [] : null)))
        .Where(found => found.Told is not null)
        .Select(found => (found.Format, found.Told!))
        .FirstOrDefault((All[^1], []));

    /// <summary>Whether a value of this column is not a text but an object or a list, which is taken as it is written.</summary>
    internal static bool IsJson(string simpleName) => simpleName is "redirectrules" or "metatags" or "georules" or "geo";

    /// <summary>Our own columns, by our own names.</summary>
    private static IEnumerable<(Action<LinkRecord, string> Put, string[] Names)> Own(params LinkColumn[] but) =>
        Enum.GetValues<LinkColumn>().Except(but).Select(column => (To(column), new[] { FieldNames.Simplify(LinkColumns.NameOf(column)) }));

    private static Dictionary<string, Action<LinkRecord, string>> Generic()
    {
        return Names(
        [
            .. Own(LinkColumn.ShortCode),
            (Address, ["shortcode", "alias"]),
            (OtherwiseAddress, ["shorturl", "shortlink", "code", "slug", "keyword", "slashtag", "backhalf", "shortpath"]),
            (To(LinkColumn.LongUrl), ["url", "destination", "destinationurl", "originalurl", "targeturl", "target", "redirecturl"]),
            (Otherwise(LinkColumn.CreatedAt), ["created", "datecreated", "createdon", "creationdate"]),
            (Otherwise(LinkColumn.ExpireAfter), ["expiresat", "expires", "expiry", "expirationdate", "validuntil"]),
            (Otherwise(LinkColumn.MaxClicks), ["maxvisits", "clickslimit"]),
            (Otherwise(LinkColumn.Title), ["name"]),
            (Otherwise(LinkColumn.Note), ["notes", "description", "comment"]),
            (Clicks, ["clicks", "visits", "hits"]),
        ]);
    }

    private static Dictionary<string, Action<LinkRecord, string>> Names(params (Action<LinkRecord, string> Put, string[] Names)[] columns) =>
        columns.SelectMany(column => column.Names, (column, name) => KeyValuePair.Create(name, column.Put)).ToDictionary();

    internal static Action<LinkRecord, string> To(LinkColumn column) => column == LinkColumn.ShortCode ? Address : To(column, text => text);

    private static Action<LinkRecord, string> To(LinkColumn column, Func<string, string?> understand) => (link, text) =>
    {
        if (understand(text) is { } value)
        {
            link.Fields[column] = value;
        }
    };

    /// <summary>Where visitors with a system go. What only an app understands is left out.</summary>
    private static Action<LinkRecord, string> System(string system) => (link, url) => AddRule(link, new TargetRule { Url = url, Systems = [system] });

    /// <summary>Where visitors from countries go: an object of addresses by country.</summary>
    private static void Countries(LinkRecord link, string text)
    {
        try
        {
            foreach (var target in (JsonSerializer.Deserialize<Dictionary<string, string?>>(text) ?? []).GroupBy(country => country.Value ?? "", country => country.Key))
            {
                AddRule(link, new TargetRule { Url = target.Key, Countries = [.. target.Select(TargetWords.Country).OfType<string>().Distinct()] });
            }
        }
        catch (JsonException)
        {
            link.IsLeftOut = true;
        }
    }

    // Servers of ours say them once more among all rules.
    private static void GeoRules(LinkRecord link, string text)
    {
        if (!link.Fields.ContainsKey(LinkColumn.RedirectRules))
        {
            Countries(link, text);
        }
    }

    private static void AddRule(LinkRecord link, TargetRule rule)
    {
        if (!IsWeb(rule.Url) || rule.HoldsAlways)
        {
            link.IsLeftOut = true;
            return;
        }

        link.Fields[LinkColumn.RedirectRules] = TargetRules.Of([.. TargetRules.Parse(link.Fields.GetValueOrDefault(LinkColumn.RedirectRules))?.All ?? [], rule])!.ToString();
    }

    private static void Take(LinkRecord link, LinkColumn column, string text, bool isOne)
    {
        if (isOne)
        {
            link.Fields[column] = text;
        }

        link.IsLeftOut |= !isOne;
    }

    private static bool IsWeb(string text) =>
        text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase);

    private static Action<LinkRecord, string> Otherwise(LinkColumn column) => (link, text) => link.Fields.TryAdd(column, text);

    private static void Switch(LinkRecord link, bool isOff)
    {
        if (isOff)
        {
            link.Fields[LinkColumn.Status] = "inactive";
        }
    }

    private static bool IsYes(string text) => text.ToLowerInvariant() is "true" or "yes" or "1";
}
