using Spoo.Data.Transfer.SpooMe;

namespace Spoo.Data.Transfer.ClickFiles.Formats;

/// <summary>Files that tell only how many clicks there were: of a link, or of each of its days.</summary>
internal static class SumFiles
{
    private static readonly string[] Codes = ["shortcode", "code", "alias", "slug", "keyword", "backhalf", "shortlink", "shorturl", "link", "slashtag", "shortpath"];

    private static readonly string[] Counts = ["clicks", "totalclicks", "clickcount", "visits", "visitcount", "hits", "pageviews", "views", "engagements"];

    private static readonly string[] Days = ["day", "date"];

    /// <summary>What is known of a click, and of no sum.</summary>
    private static readonly string[] OfOneClick =
        ["time", "timestamp", "ip", "ipaddress", "clientip", "remoteaddr", "useragent", "ua", "visitor", "visitorid", "session", "sessionid", "id", "clickid", "eventid"];

    private static ClickColumns OfTotals { get; } = new(
    [
        (ClickColumn.ShortUrl, Codes),
        (ClickColumn.Of(ClickField.Time), Days),
        (ClickColumn.Otherwise(ClickField.Clicks), Counts),
        (ClickColumn.Of(ClickField.LongUrl), ["longurl", "destination", "destinationurl", "originalurl", "targeturl", "target", "redirecturl", "url"]),
        (ClickColumn.LinkCreated, ["createdat", "created", "datecreated", "createdon", "creationdate"]),
    ]);

    /// <summary>Whoever wrote them. Rows of one link and one day are added up: they may be of its countries or browsers.</summary>
    public static ClickFileFormat Totals { get; } = new()
    {
        Name = "totals",
        Title = "Clicks in sums",
        IsSums = true,
        Recognise = shape => shape.Kind is Kinds.Csv or Kinds.Json && !shape.Names.Overlaps(OfOneClick)
            && Counts.FirstOrDefault(shape.Names.Contains) is { } count && Codes.Concat(Days).FirstOrDefault(shape.Names.Contains) is { } other
            ? new Message("the columns {0}", $"{shape.NameOf(other)}, {shape.NameOf(count)}")
            : null,
        Open = (file, shape, options) => Open(file, shape, options, OfTotals),
    };

    /// <summary>Its visits are those of an hour; the codes of its links have to be joined to them.</summary>
    public static ClickFileFormat Kutt { get; } = Named(
        "kutt", "Kutt (visits joined with links)", [["brchrome", "osios", "address", "total"]], new ClickColumns(
        [
            (ClickColumn.ShortUrl, ["address"]),
            (ClickColumn.Of(ClickField.Time), ["createdat"]),
            (ClickColumn.Of(ClickField.Clicks), ["total"]),
            (ClickColumn.Of(ClickField.LongUrl), ["target"]),
        ]));

    /// <summary>Of the tables in its archive the one of pages; all others tell of the same views by something else.</summary>
    public static ClickFileFormat Plausible { get; } = Named(
        "plausible", "Plausible (pages)", [["date", "page", "pageviews"]], new ClickColumns(
        [
            (ClickColumn.ShortUrl, ["page"]),
            (ClickColumn.Of(ClickField.Time), ["date"]),
            (ClickColumn.Of(ClickField.Clicks), ["pageviews"]),
        ]));

    /// <summary>Reports of a link by day, or of several links; what they tell of browsers and countries is of no day.</summary>
    public static ClickFileFormat SpooMe { get; } = new()
    {
        Name = "spoo.me",
        Title = "spoo.me (statistics)",
        IsSums = true,
        Recognise = shape => ClickFileFormats.ByNames(shape, Kinds.Json | Kinds.Xml, [["generatedat", "apiversion"], ["scope", "metrics", "timerange"], ["totalclicks", "counter"], ["totalclicks", "metrics"]]),
        Prepare = SpooMeReport.SumsAsync,
        Open = (file, shape, options) => new JsonFile(file, shape, OfTotals, options),
    };

    private static ClickFileFormat Named(string name, string title, string[][] marks, ClickColumns columns) => new()
    {
        Name = name,
        Title = title,
        IsSums = true,
        Recognise = shape => ClickFileFormats.ByNames(shape, Kinds.Csv | Kinds.Json, marks),
        Open = (file, shape, options) => Open(file, shape, options, columns),
    };

    private static ClickFile Open(TextFile file, FileShape shape, ClickFileOptions options, ClickColumns columns) =>
        shape.Kind == Kinds.Json ? new JsonFile(file, shape, columns, options) : new CsvFile(file, columns, options, isGeneric: false);
}
