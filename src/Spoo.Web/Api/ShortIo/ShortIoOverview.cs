using System.Globalization;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;

namespace Spoo.Web.Api.ShortIo;

/// <summary>The reports behind the statistics of a link or a domain, drawn as Short.io draws them.</summary>
internal sealed class ShortIoOverview
{
    /// <summary>
    /// Ids of cities are whole numbers that a double holds exactly, from here up: GeoNames' own are far below.
    /// </summary>
    private const long FirstCityId = 1L << 52;

    private static readonly ShortIoColumn[] Plain =
    [
        ShortIoColumn.Browser, ShortIoColumn.Os, ShortIoColumn.Device, ShortIoColumn.UtmMedium, ShortIoColumn.UtmSource, ShortIoColumn.UtmCampaign,
    ];

    private readonly StatsReport _all;
    private readonly StatsReport? _before;
    private readonly StatsReport? _tops;
    private readonly StatsReport? _cities;

    /// <param name="reports">The answers to <see cref="Questions"/>, in the same order.</param>
    public ShortIoOverview(ShortIoQuestion question, IReadOnlyList<StatsReport> reports)
    {
        var rest = new Queue<StatsReport>(reports);
        _all = rest.Dequeue();
        _before = question.Previous is null ? null : rest.Dequeue();
        _tops = question.SkipTops ? null : rest.Dequeue();
        _cities = question.SkipTops ? null : rest.Dequeue();
    }

    public long Clicks => _all.Summary.TotalClicks;

    public long HumanClicks => HumansOf(_all);

    public long PreviousClicks => _before?.Summary.TotalClicks ?? 0;

    public long PreviousHumanClicks => _before is null ? 0 : HumansOf(_before);

    public string ClicksChange => _before is null ? ShortIoChange.None : ShortIoChange.Of(Clicks, PreviousClicks);

    public string HumanClicksChange => _before is null ? ShortIoChange.None : ShortIoChange.Of(HumanClicks, PreviousHumanClicks);

    public ChartBody Chart => new([new ChartBody.Dataset(Points(_all))]);

    /// <summary>The breakdowns by their names, in the order of Short.io's example. Null: they were not wanted.</summary>
    public Dictionary<string, object>? Tops => _tops is null ? null : new()
    {
        ["referer"] = Rows(ShortIoColumn.Referer, (value, score) => new ScoreRow(score, ("referer", value), ("refhost", value))),
        ["social"] = Rows(ShortIoColumn.Social, (value, score) => new ScoreRow(score, ("social", value), ("socialName", ShortIoColumn.Social.DisplayName(value)))),
        ["browser"] = PlainRows(ShortIoColumn.Browser),
        ["country"] = Rows(ShortIoColumn.Country, (value, score) => new ScoreRow(score, ("country", value), ("countryName", Countries.NameOf(value)))),
        ["city"] = Cities(_cities!),
        ["os"] = PlainRows(ShortIoColumn.Os),
        ["device"] = PlainRows(ShortIoColumn.Device),
        ["utm_medium"] = PlainRows(ShortIoColumn.UtmMedium),
        ["utm_source"] = PlainRows(ShortIoColumn.UtmSource),
        ["utm_campaign"] = PlainRows(ShortIoColumn.UtmCampaign),
    };

    /// <summary>What has to be asked. Counts of the whole first; a city is counted apart in each country that has one of its name.</summary>
    public static IReadOnlyList<StatsQuery> Questions(ShortIoQuestion question, TimeRange range, string? code)
    {
        var questions = new List<StatsQuery> { question.All(range, code, Dimension.VisitorType, Dimension.Time) };
        if (question.Previous is { } previous)
        {
            questions.Add(question.All(previous, code, Dimension.VisitorType));
        }

        if (!question.SkipTops)
        {
            questions.Add(question.Humans(range, code, [.. Plain.Select(column => column.Dimension), Dimension.Referrer, Dimension.Country]));
            questions.Add(question.Humans(range, code, Dimension.City, Dimension.Country) with { Cross = true });
        }

        return questions;
    }

    /// <summary>The clicks of each bar, those of bots included.</summary>
    public static IReadOnlyList<PointBody> Points(StatsReport report) =>
        [.. report.Buckets!.All.Zip(report.By(Dimension.Time).Rows, (bucket, row) => new PointBody(bucket.Start, row.Count.Clicks))];

    private static long HumansOf(StatsReport report) =>
        report.By(Dimension.VisitorType).Rows.FirstOrDefault(row => row.Value == Dimension.Human)?.Count.Clicks ?? 0;

    private static List<ScoreRow> Cities(StatsReport report) =>
    [
        .. report.CrossTabs.Single().Cells
            .Where(cell => cell.FirstLabel != Dimension.City.NoValue)
            .Select(cell => (City: cell.FirstLabel, Country: cell.SecondLabel == Dimension.Country.NoValue ? null : cell.SecondLabel, cell.Count.Clicks))
            .OrderByDescending(row => row.Clicks)
            .ThenBy(row => row.City, StringComparer.Ordinal)
            .ThenBy(row => row.Country, StringComparer.Ordinal)
            .Select(row => new ScoreRow(row.Clicks, ("city", CityId(row.Country, row.City)), ("name", row.City), ("countryCode", row.Country))),
    ];

    /// <summary>No GeoNames id is stored with a click, so a city has an id of our own: the same wherever and whenever it is asked for.</summary>
    private static string CityId(string? country, string city) =>
        (FirstCityId | (ContentKey.Of(country, city) & (FirstCityId - 1))).ToString(CultureInfo.InvariantCulture);

    private List<ScoreRow> PlainRows(ShortIoColumn column) => Rows(column, (value, score) => new ScoreRow(score, (column.Name, value)));

    private List<ScoreRow> Rows(ShortIoColumn column, Func<string, long, ScoreRow> draw) =>
        [.. column.Rows(_tops!.By(column.Dimension)).Select(row => draw(row.Value, row.Score))];
}
