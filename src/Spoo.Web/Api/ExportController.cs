using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Export;
using Spoo.Data.Stats;
using Spoo.Web.Export;

namespace Spoo.Web.Api;

[ApiController]
[Route("api/v1/export")]
[NeedsScope(ApiKeyScope.StatsRead, ApiKeyScope.UrlsRead)]
public sealed class ExportController(StatsQueryParser parser, StatsService stats, ClickExport clicks) : ControllerBase
{
    /// <summary>The statistics of the same question as <c>/api/v1/stats</c>, as a file.</summary>
    [HttpGet]
    [Limited(RateLimits.Export)]
    public Task<IActionResult> Get(CancellationToken cancellationToken) =>
        AnswerAsync(Request.Parameters(), query => query, cancellationToken);

    /// <summary>The same for one link of one's own, by its id; the file is named after the link.</summary>
    [HttpGet("links/{id}")]
    [NeedsAccount]
    [Limited(RateLimits.Export)]
    public async Task<IActionResult> GetOfLink(string id, CancellationToken cancellationToken) => PublicId.IsValid(id)
        ? await AnswerAsync(
            Request.Parameters().Where(parameter => !StatsController.ChoosesLinks.Contains(parameter.Key)),
            query => query with { LinkId = id },
            cancellationToken)
        : ApiProblem.Of(Refusal.Invalid(PublicId.Shape, "url_id"));

    /// <summary>The clicks themselves, one a line, in the form that <c>import clicks</c> reads.</summary>
    [HttpGet("clicks")]
    [Limited(RateLimits.Export)]
    public async Task<IActionResult> GetClicks(CancellationToken cancellationToken)
    {
        var format = ClickText.Find(Given("format"));
        long? after = null;
        var errors = FormatError(format is null, ClickText.All.Select(known => known.Name));
        if (Given("cursor") is { Length: > 0 } cursor && (after = clicks.CursorOf(cursor)) is null)
        {
            errors.Add(new("cursor", "Input should be the id of the last click of a download from this server"));
        }

        if (Understand(Request.Parameters(), errors, out var refusal) is not { } query)
        {
            return ApiProblem.Of(refusal);
        }

        var (selection, no) = await stats.SelectAsync(query, User.Viewer(), cancellationToken);
        return selection is null ? ApiProblem.Of(no!) : new ClickDownload(clicks, selection, format!, after);
    }

    private async Task<IActionResult> AnswerAsync(
        IEnumerable<KeyValuePair<string, string>> parameters, Func<StatsQuery, StatsQuery> narrow, CancellationToken cancellationToken)
    {
        var format = ExportFormats.Find(Given("format"));
        var errors = FormatError(format is null, ExportFormats.All.Select(known => known.Name));
        if (Understand(parameters, errors, out var refusal) is not { } query)
        {
            return ApiProblem.Of(refusal);
        }

        return await stats.AskAsync(narrow(query), User.Viewer(), cancellationToken) switch
        {
            StatsOutcome.Found(var report) => new Download(
                format!.ToBytes(StatsResponse.Of(report)),
                format.ContentType,
                report.Link is { } link ? format.FileNameOf(link.ShortCode) : format.FileName),
            StatsOutcome.Refused(var no) => ApiProblem.Of(no),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>The value of a parameter that is about the file and not about the question; of a repeated one the last counts.</summary>
    private string? Given(string name) =>
        Request.Parameters().LastOrDefault(parameter => parameter.Key == name) is { Key: not null, Value: var value } ? value.Trim() : null;

    private List<FieldError> FormatError(bool isWrong, IEnumerable<string> names) => !isWrong ? []
        : [new("format", Given("format") is null ? "Field required" : $"Input should be {Alternatives([.. names])}")];

    private static string Alternatives(IReadOnlyList<string> names) =>
        $"{string.Join(", ", names.SkipLast(1).Select(name => $"'{name}'"))} or '{names[^1]}'";

    /// <summary>The question, if it and all else that was given can be understood. Wrong shapes are told of together.</summary>
    private StatsQuery? Understand(
        IEnumerable<KeyValuePair<string, string>> parameters, List<FieldError> errors, out Refusal refusal)
    {
        var isUnderstood = parser.TryParse(parameters, out var query, out var no);
        refusal = errors.Count == 0 ? no!
            : Refusal.Malformed(no is { Kind: RefusalKind.Malformed } ? [.. no.Fields, .. errors] : errors);
        return isUnderstood && errors.Count == 0 ? query : null;
    }
}
