using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Transfer.ClickFiles.Formats;

namespace Spoo.Data.Transfer.SpooMe;

/// <summary>
/// A report of spoo.me, or of a server with its API, in whichever of its forms: how often which link was clicked, on which days. Its other tables say the same of browsers and countries.
/// </summary>
internal sealed class SpooMeReport
{
    /// <summary>As many bytes as no report has.</summary>
    private const int MaxLength = 16 << 20;

    private const int CharactersOfDay = 10;

    private readonly SortedDictionary<string, long> _days = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _codes = new(StringComparer.Ordinal);
    private readonly List<string> _filters = [];
    private string? _code;
    private string? _longUrl;
    private string? _createdAt;
    private long? _total;
    private bool _hasDays = true;

    private SpooMeReport()
    {
    }

    /// <summary>The report as sums of links and days, one a line, by our own names.</summary>
    /// <exception cref="ClickFileException">It does not say how often a link was clicked.</exception>
    public static async Task<TextFile> SumsAsync(TextFile file, ClickFileOptions options, CancellationToken cancellationToken)
    {
        var text = await SpooMeArchive.ReadAllAsync(file.Content, MaxLength, cancellationToken);
        var report = new SpooMeReport();
        try
        {
            report.Take(text.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'<', ..] ? OfXml(text) : JsonNode.Parse(text));
        }
        catch (Exception exception) when (exception is JsonException or XmlException or ArgumentException)
        {
            throw new InvalidDataException(exception.Message, exception);
        }

        return TextFile.Of(file.Name, Encoding.UTF8.GetBytes(string.Join('\n', report.Sums(file.Name, options.ShortCode).Select(sum => sum.ToJsonString()))));
    }

    private List<JsonObject> Sums(string name, string? saidCode)
    {
        if (_filters.Count > 0)
        {
            throw new ClickFileException(new Message("'{0}' is a report about a part of the clicks ({1}), and there were more. Export it without filters.", name, string.Join(", ", _filters)));
        }

        // Of several links the days are those of all together.
        if (_codes.Count > 1)
        {
            return [.. _codes.Where(link => link.Value > 0).Select(link => Sum(link.Key, null, link.Value))];
        }

        var code = _code ?? _codes.Keys.FirstOrDefault() ?? saidCode ?? throw new ClickFileException(
            new Message("'{0}' is a report that does not say which links were clicked. Export it with group_by=short_code, or say which link it is about.", name),
            "--code CODE says it; with short_code=CODE&group_by=time,short_code the report tells the days of one link.");
        var days = _hasDays ? _days.Where(day => day.Value > 0).ToList() : [];
        var told = days.Sum(day => day.Value);
        var total = Math.Max(_total ?? 0, Math.Max(_codes.Values.FirstOrDefault(), _hasDays ? 0 : _days.Values.Sum()));
        if (told == 0 && total == 0)
        {
            throw new ClickFileException(new Message("'{0}' is a report without a click, or without the number of clicks. Export it with metrics=clicks.", name));
        }

        // What is beyond the days, as of years that are not kept by day, counts without the days.
        return [.. days.Select(day => Sum(code, day.Key, day.Value)), .. total > told ? (JsonObject[])[Sum(code, null, total)] : []];
    }

    private JsonObject Sum(string code, string? day, long clicks)
    {
        var sum = new JsonObject { ["short_code"] = code, ["clicks"] = clicks };
        foreach (var (field, value) in new[] { ("day", day), ("long_url", _longUrl), ("created_at", _createdAt) })
        {
            if (value is not null)
            {
                sum[field] = value;
            }
        }

        return sum;
    }

    private void Take(JsonNode? document)
    {
        foreach (var (name, value) in document as JsonObject ?? throw new JsonException("A report is an object."))
        {
            switch (FieldNames.Simplify(name))
            {
                case "shortcode" or "id" when TextOf(value) is { } code:
                    _code = code;
                    break;
                case "url" when TextOf(value) is { } longUrl:
                    _longUrl = longUrl;
                    break;
                case "creationdate" when TextOf(value) is { } date:
                    _createdAt = date;
                    break;
                case "totalclicks":
                    _total ??= CountOf(value);
                    break;
                case "summary" when value is JsonObject summary:
                    _total ??= CountOf(Find(summary, "totalclicks"));
                    break;
                case "filters" when value is JsonObject filters:
                    TakeFilters(filters);
                    break;
                case "counter" when value is JsonObject days:
                    foreach (var (day, clicks) in days)
                    {
                        TakeTime(day, CountOf(clicks));
                    }

                    break;
                case "metrics" when value is JsonObject metrics:
                    foreach (var (table, rows) in metrics)
                    {
                        TakeTable(FieldNames.Simplify(table), rows as JsonArray ?? []);
                    }

                    break;
            }
        }
    }

    private void TakeTable(string table, JsonArray rows)
    {
        foreach (var row in rows.OfType<JsonObject>())
        {
            var clicks = CountOf(Find(row, "clicks"));
            if (table == "clicksbytime" && TextOf(Find(row, "time")) is { } time)
            {
                TakeTime(time, clicks);
            }
            else if (table == "clicksbyshortcode" && TextOf(Find(row, "shortcode")) is { } code)
            {
                _codes[code] = _codes.GetValueOrDefault(code) + (clicks ?? 0);
            }
        }
    }

    // A filter by one link is no part of anything.
    private void TakeFilters(JsonObject filters)
    {
        foreach (var (name, value) in filters)
        {
            var values = value is JsonArray list ? list.Select(TextOf).OfType<string>().ToList() : TextOf(value) is { } text ? [text] : [];
            if (FieldNames.Simplify(name) != "shortcode")
            {
                _filters.AddRange(values.Count > 0 ? [name] : []);
            }
            else if (values.Count == 1)
            {
                _code ??= values[0];
            }
        }
    }

    // Weeks and months are no days, and hours are parts of one.
    private void TakeTime(string time, long? clicks)
    {
        var day = time.Length >= CharactersOfDay ? time[..CharactersOfDay] : "";
        if (FileDates.OfSpreadsheet(time) is { } moment)
        {
            day = moment.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        }

        if (!DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            (_hasDays, day) = (false, time);
        }

        _days[day] = _days.GetValueOrDefault(day) + (clicks ?? 0);
    }

    private static JsonNode? Find(JsonObject of, string simpleName) => of.FirstOrDefault(field => FieldNames.Simplify(field.Key) == simpleName).Value;

    /// <summary>Null: there is none.</summary>
    private static string? TextOf(JsonNode? value) =>
        value is JsonValue && value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number && value.ToString().Trim() is { Length: > 0 } text ? text : null;

    /// <summary>Null: there is no number of clicks. In raw documents it stands beside addresses that are not read.</summary>
    /// <exception cref="InvalidDataException">There is something else.</exception>
    private static long? CountOf(JsonNode? value) => value is JsonObject raw ? CountOf(Find(raw, "counts"))
        : TextOf(value) is not { } text ? null
        : FileNumbers.Count(text) ?? throw new InvalidDataException($"'{OutsideText.Clean(text, 40)}' is no number of clicks");

    private static JsonObject OfXml(byte[] text)
    {
        using var reader = XmlReader.Create(new MemoryStream(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        return new JsonObject(XDocument.Load(reader).Root!.Elements().DistinctBy(NameOf).Select(element => KeyValuePair.Create(NameOf(element), OfElement(element, 1))));
    }

    private static JsonNode? OfElement(XElement element, int depth)
    {
        // Reports are four deep.
        const int MaxDepth = 10;
        var within = element.Elements().ToList();
        if (within.Count == 0 || depth == MaxDepth)
        {
            return element.Value;
        }

        var isList = element.Attribute("type")?.Value == "list" || (element.Parent?.Name.LocalName == "metrics" && depth == 2) || within.TrueForAll(child => child.Name.LocalName == "item");
        return isList
            ? new JsonArray([.. within.Select(child => OfElement(child, depth + 1))])
            : new JsonObject(within.DistinctBy(NameOf).Select(child => KeyValuePair.Create(NameOf(child), OfElement(child, depth + 1))));
    }

    // What is no name of XML, such as a day, stands in an attribute.
    private static string NameOf(XElement element) => element.Attribute("name")?.Value ?? element.Name.LocalName;
}
