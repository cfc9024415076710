namespace Spoo.Data.Transfer.ClickFiles.Formats;

/// <summary>How a file of clicks is written; docs/import.md describes each, and shows one of its lines.</summary>
public sealed class ClickFileFormat
{
    /// <summary>A header row with the names of <see cref="ClickField"/>, or other names that mean them, then one click a row.</summary>
    public static ClickFileFormat Csv => ClickFileFormats.OwnCsv;

    /// <summary>One JSON object a line, with such names.</summary>
    public static ClickFileFormat Ndjson => ClickFileFormats.OwnNdjson;

    /// <summary>The logs of bitly and USA.gov: one JSON object a line, with names of one or two letters.</summary>
    public static ClickFileFormat Bitly => ClickFileFormats.BitlyLog;

    /// <summary>Value of <c>--format</c>.</summary>
    public required string Name { get; init; }

    /// <summary>For people.</summary>
    public required string Title { get; init; }

    /// <summary>Why such a file cannot be imported, although it is recognised. Null: it can.</summary>
    public Message? Refusal { get; init; }

    /// <summary>Whether it can be passed over where it lies in an archive beside files that can be imported: it tells the same as they do.</summary>
    public bool IsOfTheSame { get; init; }

    /// <summary>Whether lines are requests, of which only some were clicks.</summary>
    public bool IsServerLog { get; init; }

    /// <summary>Whether lines tell only how many clicks there were.</summary>
    public bool IsSums { get; init; }

    /// <summary>What the file has that tells this format. Null: it is not of this format.</summary>
    internal Func<FileShape, Message?> Recognise { get; init; } = _ => null;

    /// <summary>Makes lines of a file that has none: it is one document. Null: it is read as it is.</summary>
    internal Func<TextFile, ClickFileOptions, CancellationToken, Task<TextFile>>? Prepare { get; init; }

    /// <summary>What is refused is never opened.</summary>
    internal Func<TextFile, FileShape, ClickFileOptions, ClickFile> Open { get; init; } = (_, _, _) => throw new NotSupportedException();

    public override string ToString() => Name;
}

/// <summary>What a person says about a file that does not say it itself.</summary>
public sealed record ClickFileOptions
{
    public static ClickFileOptions None { get; } = new();

    /// <summary>Which number of a date is the day. Null: as the dates tell.</summary>
    public DateOrder? Dates { get; init; }

    /// <summary>The zone of times that name none.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Fields by the names of columns, in the names of the documented files; null: the column is not used.</summary>
    public IReadOnlyDictionary<string, string?> Map { get; init; } = new Dictionary<string, string?>();

    /// <summary>The short code of lines that name none: files about one link.</summary>
    public string? ShortCode { get; init; }

    public RequestRules Requests { get; init; } = RequestRules.Default;

    /// <summary>The names of the fields that a mapping may lead to.</summary>
    public static IReadOnlyList<string> Fields { get; } = [.. ClickFields.ByName.Keys];

    /// <summary>Whether a mapping may lead to this name.</summary>
    public static bool IsField(string name) => ClickFields.ByName.ContainsKey(name);

    internal IReadOnlyDictionary<string, ClickField?> MappedFields =>
        Map.ToDictionary(entry => entry.Key, entry => entry.Value is { } name ? ClickFields.ByName[name] : (ClickField?)null);
}

/// <summary>A format, and what a file has that told it.</summary>
public sealed record RecognisedFormat(ClickFileFormat Format, Message Reason);

/// <summary>The one list of formats. Those that few files look like come first.</summary>
public static class ClickFileFormats
{
    private static readonly Message WithoutLink = new Message("It has the numbers of links and not their codes. Export it joined with the table of links, and import that.");

    private static readonly Message NotByLink = new Message("It does not tell which link was clicked. The file of pages does.");

    private static readonly Message OnlySums = new Message("It holds sums and no single clicks. Spoo counts clicks one by one, so it cannot be imported.");

    private static readonly Message ManyPages = new Message("It holds visits of several pages each and no single clicks, so it cannot be imported.");

    internal static ClickFileFormat BitlyLog { get; } = Named(
        "bitly", "bitly (public logs)", Kinds.Json, [["t", "g", "u", "hh"], ["heartbeat"]],
        new ClickColumns(
            [
                (ClickColumn.Exactly(ClickField.Time), ["t"]), (ClickColumn.Exactly(ClickField.ShortCode), ["g"]), (ClickColumn.Exactly(ClickField.LongUrl), ["u"]),
                (ClickColumn.Exactly(ClickField.UserAgent), ["a"]), (ClickColumn.Exactly(ClickField.Referrer), ["r"]), (ClickColumn.Exactly(ClickField.Country), ["c"]),
                (ClickColumn.Exactly(ClickField.Region), ["gr"]), (ClickColumn.Exactly(ClickField.City), ["cy"]), (ClickColumn.Exactly(ClickField.Language), ["al"]),
                (new ClickColumn("", (line, text) => line[ClickField.LinkCreated] = text), ["hc"]),
                (new ClickColumn("", (line, _) => line.NotClick = NotClicks.Heartbeat), ["heartbeat"]),
            ],
            new HashSet<string> { "h", "l", "hh", "nk", "tz", "ll", "kw", "i", "ckw", "mc", "id", "pp" }));

    internal static ClickFileFormat OwnCsv { get; } = new()
    {
        Name = "csv",
        Title = "CSV",
        Recognise = shape => shape.Kind == Kinds.Csv && shape.Names.Count > 1 ? new Message("a header row: {0}", shape.Shown) : null,
        Open = (file, _, options) => new CsvFile(file, GenericColumns, options, isGeneric: true),
    };

    internal static ClickFileFormat OwnNdjson { get; } = new()
    {
        Name = "ndjson",
        Title = "NDJSON",
        Recognise = shape => shape.Kind == Kinds.Json ? new Message("JSON objects with {0}", shape.Shown) : null,
        Open = (file, shape, options) => new JsonFile(file, shape, GenericColumns, options),
    };

    private static ClickColumns GenericColumns => Generic.Columns;

    public static IReadOnlyList<ClickFileFormat> All { get; } =
    [
        ServerLogs.Access,
        ServerLogs.Alb,
        ServerLogs.Elb,
        ServerLogs.CloudFront,
        ServerLogs.Iis,
        ServerLogs.Caddy,
        ServerLogs.Traefik,
        ServerLogs.NginxJson,
        YourlsDump.Format,
        Shorteners.Shlink,
        Shorteners.Yourls,
        Shorteners.Dub,
        Shorteners.ShortIo,
        Shorteners.Rebrandly,
        Shorteners.Polr,
        Shorteners.Sink,
        Analytics.GoatCounter,
        Analytics.Umami,
        BitlyLog,
        Refused("matomo", "Matomo", ManyPages, ["idvisit", "visitip"]),
        SumFiles.Kutt,
        SumFiles.Plausible,
        Refused("kutt-visits", "Kutt (visits)", WithoutLink, ["brchrome", "osios"]),
        Refused("plausible-others", "Plausible", NotByLink, ["date", "visitors", "visits"], ["date", "visitors", "pageviews"], ["date", "visitors", "events"]),
        Sums("goatcounter-sums", "GoatCounter (JSON)", ["pathid", "refid", "count"], ["day", "pathid", "count"]),
        SumFiles.SpooMe,
        SumFiles.Totals,
        OwnNdjson,
        OwnCsv,
    ];

    /// <summary>Those that can be imported.</summary>
    public static IEnumerable<ClickFileFormat> Importable => All.Where(format => format.Refusal is null);

    public static ClickFileFormat? Find(string name) => Importable.FirstOrDefault(format => format.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The format that the beginning of a file is in. Null: none of them.</summary>
    internal static RecognisedFormat? Recognise(FileShape shape) =>
        All.Select(format => format.Recognise(shape) is { } reason ? new RecognisedFormat(format, reason) : null).FirstOrDefault(format => format is not null);

    /// <summary>A format whose columns have names, told by some that belong together.</summary>
    internal static ClickFileFormat Named(string name, string title, Kinds kinds, string[][] marks, ClickColumns columns) => new()
    {
        Name = name,
        Title = title,
        Recognise = shape => ByNames(shape, kinds, marks),
        Open = (file, shape, options) => shape.Kind == Kinds.Json ? new JsonFile(file, shape, columns, options) : new CsvFile(file, columns, options, isGeneric: false),
    };

    internal static Message? ByNames(FileShape shape, Kinds kinds, string[][] marks)
    {
        if (!kinds.HasFlag(shape.Kind) || marks.FirstOrDefault(shape.Names.IsSupersetOf) is not { } found)
        {
            return null;
        }

        var names = string.Join(", ", found.Select(name => shape.NameOf(name)));
        return shape.Kind == Kinds.Csv ? new Message("the columns {0}", names) : new Message("the fields {0}", names);
    }

    private static ClickFileFormat Sums(string name, string title, params string[][] marks) => Refused(name, title, OnlySums, marks);

    private static ClickFileFormat Refused(string name, string title, Message why, params string[][] marks) => new()
    {
        Name = name,
        Title = title,
        Refusal = why,
        IsOfTheSame = why == NotByLink,
        Recognise = shape => ByNames(shape, Kinds.Csv | Kinds.Json, marks),
    };

    /// <summary>Files whose columns are called as ours are, or as people call them.</summary>
    private static class Generic
    {
        public static ClickColumns Columns { get; } = new(
            [
                .. ClickFields.ByName.Where(entry => entry.Value != ClickField.Clicks).Select(entry => (ClickColumn.Exactly(entry.Value), new[] { FieldNames.Simplify(entry.Key) }))
                    .Where(column => column.Item2[0] != "shortcode"),
                (new ClickColumn("short_code", TakeCode), ["shortcode"]),
                (new ClickColumn("short_code", TakeOther), ["code", "alias", "slug", "keyword", "backhalf", "shortlink", "shorturl", "link", "slashtag", "shortpath"]),
                (ClickColumn.Otherwise(ClickField.Time), ["date", "datetime", "timestamp", "clickedat", "clicktime", "clickdate", "createdat", "visitedat", "when", "dateutc", "timeutc"]),
                (ClickColumn.Otherwise(ClickField.LongUrl), ["destination", "destinationurl", "originalurl", "targeturl", "redirecturl", "url"]),
                (ClickColumn.Otherwise(ClickField.Ip), ["ipaddress", "clientip", "remoteaddr", "remoteip"]),
                (ClickColumn.Otherwise(ClickField.UserAgent), ["ua", "agent"]),
                (ClickColumn.Otherwise(ClickField.Referrer), ["referer", "referrerurl", "refererurl", "ref"]),
                (ClickColumn.Otherwise(ClickField.Country), ["countrycode", "countryname"]),
                (ClickColumn.Otherwise(ClickField.Region), ["state", "regionname"]),
                (ClickColumn.Otherwise(ClickField.City), ["cityname"]),
                (ClickColumn.Otherwise(ClickField.Browser), ["browsername"]),
                (ClickColumn.Otherwise(ClickField.Os), ["operatingsystem", "osname", "platform"]),
                (ClickColumn.Otherwise(ClickField.Device), ["devicetype"]),
                (ClickColumn.Otherwise(ClickField.Language), ["lang", "acceptlanguage", "languagecode"]),
                (ClickColumn.Otherwise(ClickField.Bot), ["isbot"]),
                (ClickColumn.Otherwise(ClickField.Visitor), ["visitorid", "sessionid"]),
                (ClickColumn.Otherwise(ClickField.Id), ["clickid", "eventid"]),
            ],
            new HashSet<string>());

        private static void TakeOther(ClickLine line, string text)
        {
            if (line[ClickField.ShortCode] is null)
            {
                line.SetShortUrl(text);
            }
        }

        private static void TakeCode(ClickLine line, string text)
        {
            // Of a link on another domain of ours the host stands before the code, without a scheme.
            if (text.Contains("://", StringComparison.Ordinal) || text.StartsWith('/'))
            {
                line.SetShortUrl(text);
            }
            else
            {
                line[ClickField.ShortCode] = text;
            }
        }
    }
}
