using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;
using Spoo.Data.Transfer.ClickExports;
using Spoo.Web.Addresses;
using Spoo.Web.Export;
using Spoo.Web.Identity;
using Spoo.Web.Limits;
using Spoo.Web.Wire;
using Spoo.Web.Words;

namespace Spoo.Web.Api.Numbers;

[ApiController]
[Tags("Exports")]
[Route("api/v1/export")]
[NeedsScope(ApiKeyScope.StatsRead, ApiKeyScope.UrlsRead)]
public sealed class ExportController(StatsQueryParser parser, StatsService stats, ClickExport clicks) : ControllerBase
{
    /// <summary>What a table without room for a second range does not take.</summary>
    private const string Comparing = "compare,compare_match,compare_start,compare_end";

    /// <summary>What a cross-tab does not take.</summary>
    private static readonly string[] OfLists = ["search", "sort"];

    private const string NameOfAFile = "The file's name without its extension: letters, digits, '-', '_' and '.'";

    [EndpointSummary("The statistics of the same question as /api/v1/stats, as a file")]
    [Parameter("format", "What kind of file; csv is a ZIP of several", IsRequired = true, Choices = "csv,xlsx,json,xml", Example = "xlsx")]
    [Parameter("filename", NameOfAFile, Example = "spoo-launch")]
    [Parameter("layout", "Whom a workbook is for: programs (wire) get the tables of the API, people (report) a summary and readable sheets. Default: wire", Choices = "wire,report", Example = "report")]
    [Parameter("names", "The language of a workbook for people. Default: en", Choices = "en,de")]
    [Parameter("bom", "Whether CSV begins with a byte-order mark, by which Excel knows that it is UTF-8. Default: false", Choices = "true,false")]
    [HttpGet]
    [Limited(RateLimits.Export)]
    [TakesStatsQuery]
    [ProducesResponseType(200, Description = "The file, named in Content-Disposition.")]
    [ProducesFiles("application/json", "application/xml", "application/zip", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")]
    [Refuses(400, 404)]
    public Task<IActionResult> Get(CancellationToken cancellationToken) =>
        AnswerAsync(Request.Parameters(), query => query, cancellationToken);

    [EndpointSummary("The same for one link of one's own, by its id; the file is named after the link")]
    [Parameter("format", "What kind of file; csv is a ZIP of several", IsRequired = true, Choices = "csv,xlsx,json,xml", Example = "xlsx")]
    [Parameter("filename", NameOfAFile, Example = "spoo-launch")]
    [Parameter("layout", "Whom a workbook is for: programs (wire) get the tables of the API, people (report) a summary and readable sheets. Default: wire", Choices = "wire,report", Example = "report")]
    [Parameter("names", "The language of a workbook for people. Default: en", Choices = "en,de")]
    [Parameter("bom", "Whether CSV begins with a byte-order mark, by which Excel knows that it is UTF-8. Default: false", Choices = "true,false")]
    [HttpGet("links/{id}")]
    [NeedsAccount]
    [Limited(RateLimits.Export)]
    [TakesStatsQuery(ChoosesLinks = false)]
    [ProducesResponseType(200, Description = "The file, named in Content-Disposition.")]
    [ProducesFiles("application/json", "application/xml", "application/zip", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")]
    [Refuses(400, 404)]
    public async Task<IActionResult> GetOfLink(string id, CancellationToken cancellationToken) =>
        StatsAnswers.RefuseOtherLinks(id, Request) is { } refusal
            ? ApiProblem.Of(refusal)
            : await AnswerAsync(StatsAnswers.OfLink(Request), query => query with { LinkId = id }, cancellationToken);

    [EndpointSummary("The clicks themselves, one a line, in the form that import clicks reads")]
    [Parameter("format", "How a click is written", IsRequired = true, Choices = "csv,ndjson", Example = "ndjson")]
    [Parameter("cursor", "The id of the last click of an interrupted download, which goes on behind it")]
    [Parameter("filename", NameOfAFile, Example = "spoo-launch")]
    [HttpGet("clicks")]
    [Limited(RateLimits.Export)]
    [TakesStatsQuery(Without = "group_by,metrics,interval,limit,cross," + Comparing)]
    [ProducesResponseType(200, Description = "The clicks, with their number and SHA-256 as trailers.")]
    [ProducesFiles("text/csv", "application/x-ndjson")]
    [Refuses(400, 404)]
    public async Task<IActionResult> GetClicks(CancellationToken cancellationToken)
    {
        var format = ClickText.Find(ValueOf("format"));
        long? after = null;
        var errors = FormatError(format is null, ClickText.All.Select(known => known.Name));
        if (ValueOf("cursor") is { Length: > 0 } cursor && (after = clicks.CursorOf(cursor)) is null)
        {
            errors.Add(new("cursor", "Input should be the id of the last click of a download from this server"));
        }

        if (Understand(Request.Parameters(), errors, out var refusal) is not { } query)
        {
            return ApiProblem.Of(refusal);
        }

        var (selection, no) = await stats.SelectAsync(query, HttpContext.StatsViewer(), cancellationToken);
        return selection is null ? ApiProblem.Of(no!) : new ClickDownload(clicks, selection, format!, after, FileName);
    }

    [EndpointSummary("One list or cross-tab, whole, as one CSV table: searched and sorted as on the dashboard")]
    [Parameter("search", "Only rows with this in their label or name, in any case. Not for a cross-tab.", Example = "new")]
    [Parameter("sort", "The order of the rows. Default: -clicks. Not for a cross-tab.", Choices = "-clicks,clicks,-unique_clicks,unique_clicks,label,-label")]
    [Parameter("names", "The language of names. Default: en.", Choices = "en,de")]
    [Parameter("filename", NameOfAFile, Example = "spoo-launch-countries")]
    [Parameter("bom", "Whether the table begins with a byte-order mark, by which Excel knows that it is UTF-8. Default: true", Choices = "true,false")]
    [HttpGet("list")]
    [Limited(RateLimits.Export)]
    [TakesStatsQuery(Without = Comparing)]
    [ProducesResponseType(200, Description = "The table as CSV. With two dimensions in group_by it is their cross-tab, with totals.")]
    [ProducesFiles("text/csv")]
    [Refuses(400, 404)]
    public async Task<IActionResult> GetList(CancellationToken cancellationToken)
    {
        var errors = NameError();
        var view = ListView.Find(ValueOf("search"), ValueOf("sort"));
        if (view is null)
        {
            errors.Add(new("sort", $"Input should be {Alternatives(ListView.Sorts)}"));
        }

        if (ValueOf("search")?.Length > ListView.LongestSearch)
        {
            errors.Add(new("search", $"String should have at most {ListView.LongestSearch} characters"));
        }

        var options = Options(errors, hasByteOrderMark: true);
        if (Understand(Request.Parameters(), errors, out var refusal) is not { } query)
        {
            return ApiProblem.Of(refusal);
        }

        var dimensions = query.GroupBy.Distinct().ToList();
        if (dimensions.Count > 2)
        {
            return ApiProblem.Of(Refusal.Invalid("group_by should be one dimension, or two for their cross-tab", "group_by"));
        }

        var isCrossTab = dimensions.Count == 2;
        if (isCrossTab && OfLists.FirstOrDefault(name => ValueOf(name) is { Length: > 0 }) is { } ofLists)
        {
            return ApiProblem.Of(Refusal.Invalid($"{ofLists} is for one list: a cross-tab has rows and columns", ofLists));
        }

        if (isCrossTab && ValueOf("metrics") is { Length: > 0 } && query.Metrics.Distinct().Count() > 1)
        {
            return ApiProblem.Of(Refusal.Invalid("metrics should be one for a cross-tab: each of its cells is one number", "metrics"));
        }

        query = query with
        {
            GroupBy = dimensions,
            Cross = isCrossTab,
            Limit = query.Limit ?? (isCrossTab ? ListExport.LargestCrossTab : StatsQuery.AllRows),
        };
        return await stats.AskAsync(query, HttpContext.StatsViewer(), cancellationToken) switch
        {
            StatsOutcome.Found(var report) => TableOf(report),
            StatsOutcome.Refused(var no) => ApiProblem.Of(no),
            _ => throw new UnreachableException(),
        };

        Download TableOf(StatsReport report)
        {
            HttpContext.Charge(RateLimits.Export, report);
            var table = ListExport.In(options.Language, () => isCrossTab ? ListExport.OfCrossTab(report, query.Metrics[0]) : ListExport.Of(report, view!));
            return new Download(file => CsvExport.Write(table, options.HasByteOrderMark, file), "text/csv; charset=utf-8", $"{FileName ?? "spoo-" + table.Name}.csv");
        }
    }

    private async Task<IActionResult> AnswerAsync(
        IEnumerable<KeyValuePair<string, string>> parameters, Func<StatsQuery, StatsQuery> narrow, CancellationToken cancellationToken)
    {
        var format = ExportFormats.Find(ValueOf("format"));
        var errors = FormatError(format is null, ExportFormats.All.Select(known => known.Name));
        var options = Options(errors, hasByteOrderMark: false);
        if (format is not null)
        {
            errors.AddRange(format.FaultsOf(options));
        }

        if (Understand(parameters, errors, out var refusal) is not { } query)
        {
            return ApiProblem.Of(refusal);
        }

        if (query.Cross && options.IsForPeople)
        {
            return ApiProblem.Of(Refusal.Invalid("cross: a workbook for people has no sheet for it; take layout=wire, or /api/v1/export/list", "cross"));
        }

        return await stats.AskAsync(narrow(query), HttpContext.StatsViewer(), cancellationToken) switch
        {
            StatsOutcome.Found(var report) => format!.RefusalOf(report, options) is { } tooLarge ? ApiProblem.Of(tooLarge) : FileOf(report),
            StatsOutcome.Refused(var no) => ApiProblem.Of(no),
            _ => throw new UnreachableException(),
        };

        Download FileOf(StatsReport report)
        {
            HttpContext.Charge(RateLimits.Export, report);
            return new Download(
                file => format!.Write(report, options, file),
                format!.ContentType,
                FileName is { } name ? $"{name}.{format.Extension}" : report.Link is { } link ? format.FileNameOf(FileNames.OfLink(link.Name)) : format.FileName);
        }
    }

    /// <summary>The value of a parameter that is about the file and not about the question; of a repeated one the last counts.</summary>
    private string? ValueOf(string name) =>
        Request.Parameters().LastOrDefault(parameter => parameter.Key == name) is { Key: not null, Value: var value } ? value.Trim() : null;

    /// <summary>How the file is to be laid out; what is wrong with that is added to <paramref name="errors"/>.</summary>
    private ExportOptions Options(List<FieldError> errors, bool hasByteOrderMark)
    {
        var layout = ValueOf("layout") is { Length: > 0 } given ? given : ExportOptions.Wire;
        if (!ExportOptions.Layouts.Contains(layout))
        {
            errors.Add(new("layout", $"Input should be {Alternatives(ExportOptions.Layouts)}"));
        }

        var language = Labels.Languages.FirstOrDefault(known => known.Name == (ValueOf("names") is { Length: > 0 } name ? name : Labels.Languages[0].Name));
        if (language is null)
        {
            errors.Add(new("names", $"Input should be {Alternatives([.. Labels.Languages.Select(known => known.Name)])}"));
        }

        var mark = ValueOf("bom") is { Length: > 0 } bom ? bom : hasByteOrderMark ? "true" : "false";
        if (mark is not ("true" or "false"))
        {
            errors.Add(new("bom", "Input should be 'true' or 'false'"));
        }

        return new ExportOptions
        {
            IsForPeople = layout == ExportOptions.Report,
            HasByteOrderMark = mark == "true",
            Language = language ?? Labels.Languages[0],
        };
    }

    private List<FieldError> FormatError(bool isWrong, IEnumerable<string> names) => !isWrong ? NameError()
        : [new("format", ValueOf("format") is null ? "Field required" : $"Input should be {Alternatives([.. names])}"), .. NameError()];

    private List<FieldError> NameError() => FileName is { } name && !FileNames.IsName(name)
        ? [new("filename", "Input should be up to 150 letters, digits, '-', '_' and '.', and not begin with a '.'")]
        : [];

    /// <summary>What the file is to be called. Null: as always.</summary>
    private string? FileName => ValueOf("filename") is { Length: > 0 } name ? name : null;

    private static string Alternatives(IReadOnlyList<string> names) =>
        $"{string.Join(", ", names.SkipLast(1).Select(name => $"'{name}'"))} or '{names[^1]}'";

    /// <summary>The question, if it and all else that was given can be understood. Wrong shapes are told of together.</summary>
    private StatsQuery? Understand(
        IEnumerable<KeyValuePair<string, string>> parameters, List<FieldError> errors, out Refusal refusal)
    {
        var isUnderstood = parser.TryParse(parameters, out var query, out var no);
        refusal = errors.Count == 0 ? no!
            : Refusal.Malformed(no is { Kind: RefusalKind.Malformed } ? [.. no.Fields, .. errors] : errors);
        return isUnderstood && errors.Count == 0 ? query! with { OwnHosts = [Request.Host.Host] } : null;
    }
}
