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
    public async Task<IActionResult> Get(CancellationToken cancellationToken)
    {
        var format = ExportFormats.Find(Given("format"));
        if (Understand(FormatError(format is null, ExportFormats.All.Select(known => known.Name)), out var refusal) is not { } query)
        {
            return ApiProblem.Of(refusal);
        }

        return await stats.AskAsync(query, User.Viewer(), cancellationToken) switch
        {
            StatsOutcome.Found(var report) => new Download(format!.ToBytes(StatsResponse.Of(report)), format.ContentType, format.FileName),
            StatsOutcome.Refused(var no) => ApiProblem.Of(no),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>The clicks themselves, one a line, in the form that <c>import clicks</c> reads.</summary>
    [HttpGet("clicks")]
    public async Task<IActionResult> GetClicks(CancellationToken cancellationToken)
    {
        var format = ClickText.Find(Given("format"));
        long? after = null;
        var errors = FormatError(format is null, ClickText.All.Select(known => known.Name));
        if (Given("cursor") is { Length: > 0 } cursor && (after = clicks.CursorOf(cursor)) is null)
        {
            errors.Add(new("cursor", "Input should be the id of the last click of a download from this server"));
        }

        if (Understand(errors, out var refusal) is not { } query)
        {
            return ApiProblem.Of(refusal);
        }

        var (selection, no) = await stats.SelectAsync(query, User.Viewer(), cancellationToken);
        return selection is null ? ApiProblem.Of(no!) : new ClickDownload(clicks, selection, format!, after);
    }

    /// <summary>The value of a parameter that is about the file and not about the question; of a repeated one the last counts.</summary>
    private string? Given(string name) =>
        Request.Parameters().LastOrDefault(parameter => parameter.Key == name) is { Key: not null, Value: var value } ? value.Trim() : null;

    private List<FieldError> FormatError(bool isWrong, IEnumerable<string> names) => !isWrong ? []
        : [new("format", Given("format") is null ? "Field required" : $"Input should be {Alternatives([.. names])}")];

    private static string Alternatives(IReadOnlyList<string> names) =>
        $"{string.Join(", ", names.SkipLast(1).Select(name => $"'{name}'"))} or '{names[^1]}'";

    /// <summary>The question, if it and all else that was given can be understood. Wrong shapes are told of together.</summary>
    private StatsQuery? Understand(List<FieldError> errors, out Refusal refusal)
    {
        var isUnderstood = parser.TryParse(Request.Parameters(), out var query, out var no);
        refusal = errors.Count == 0 ? no!
            : Refusal.Malformed(no is { Kind: RefusalKind.Malformed } ? [.. no.Fields, .. errors] : errors);
        return isUnderstood && errors.Count == 0 ? query : null;
    }
}
