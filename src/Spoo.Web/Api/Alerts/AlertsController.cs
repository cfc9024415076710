using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Alerts;
using Spoo.Web.Identity;
using Spoo.Web.Limits;
using Spoo.Web.Mail;

namespace Spoo.Web.Api.Alerts;

/// <summary>What an account wants to be told of, and what has been found.</summary>
[ApiController]
[Tags("Alerts")]
[Route("api/v1/alerts")]
[NeedsAccount]
public sealed class AlertsController(AlertRules rules, RaisedAlerts alerts) : ControllerBase
{
    private static readonly ApiProblem Malformed = ApiProblem.Of(Refusal.Invalid(PublicId.Shape, "alert_id"));
    private static readonly ApiProblem MalformedRule = ApiProblem.Of(Refusal.Invalid(PublicId.Shape, "rule_id"));
    private static readonly Dictionary<string, bool> YesOrNo = new(StringComparer.Ordinal) { ["true"] = true, ["false"] = false };
    private static readonly ApiProblem NoSuchAlert = ApiProblem.Of(new Refusal(RefusalKind.NotFound, "alert not found"));

    [EndpointSummary("What the account's rules have found in the last 90 days, the newest first")]
    [HttpGet]
    [Limited(RateLimits.WebhookRead)]
    [NeedsScope(ApiKeyScope.StatsRead)]
    [Parameter("page", "1 to 1000. Default: 1.", IsWhole = true)]
    [Parameter("page_size", "1 to 100. Default: 25.", OtherName = "pageSize", IsWhole = true)]
    [Parameter("unseen", "Whether those alone that are not seen. Default: false.", Choices = "true,false")]
    [ProducesResponseType<AlertList>(200, "application/json", Description = "A page of alerts.")]
    public async Task<IActionResult> List(CancellationToken cancellationToken)
    {
        var query = new QueryFields(Request);
        var page = query.Whole("page", 1, 1000, 1);
        var pageSize = query.Whole("page_size", 1, 100, 25, olderName: "pageSize");
        var unseen = query.Choice("unseen", YesOrNo, false);
        if (query.Refusal is { } refusal)
        {
            return ApiProblem.Of(refusal);
        }

        var (list, total, left) = await alerts.ListAsync(User.Viewer(), unseen, (page - 1) * pageSize, pageSize, cancellationToken);
        return Ok(new AlertList([.. list.Select(AlertItem.Of)], total, left, page, pageSize));
    }

    [EndpointSummary("Marks an alert as seen")]
    [HttpPost("{alert_id}/seen")]
    [Limited(RateLimits.WebhookEdit)]
    [NeedsScope(ApiKeyScope.WebhooksManage)]
    [ProducesResponseType<AlertItem>(200, "application/json", Description = "The alert, with the moment at which it was first seen.")]
    [Refuses(400, 404)]
    public async Task<IActionResult> See([FromRoute(Name = "alert_id")] string id, CancellationToken cancellationToken) =>
        !PublicId.IsValid(id) ? Malformed
        : await alerts.SeeAsync(id, User.Viewer(), cancellationToken) is { } alert ? Ok(AlertItem.Of(alert)) : NoSuchAlert;

    [EndpointSummary("The rules of the account, the oldest first")]
    [HttpGet("rules")]
    [Limited(RateLimits.WebhookRead)]
    [NeedsScope(ApiKeyScope.StatsRead)]
    [ProducesResponseType<AlertRuleList>(200, "application/json", Description = "The rules.")]
    public async Task<IActionResult> Rules(CancellationToken cancellationToken) =>
        Ok(new AlertRuleList([.. (await rules.ListAsync(User.Viewer(), cancellationToken)).Rules.Select(AlertRuleItem.Of)]));

    [EndpointSummary("Adds a rule. It is looked at from now on")]
    [HttpPost("rules")]
    [Limited(RateLimits.WebhookEdit)]
    [NeedsScope(ApiKeyScope.WebhooksManage)]
    [Body(typeof(NewAlertRuleBody), """{"kind":"spike","threshold":3,"minimum":50}""")]
    [ProducesResponseType<AlertRuleItem>(201, "application/json", Description = "The rule.")]
    [Refuses(400, 403)]
    public Task<IActionResult> Create(CancellationToken cancellationToken) => WithDraftAsync(
        draft => rules.CreateAsync(draft, User.Viewer(), cancellationToken), made => StatusCode(StatusCodes.Status201Created, AlertRuleItem.Of(made.Rule)));

    [EndpointSummary("What a rule would have told of in the last 30 days, without making it: of spike, silence and bots")]
    [HttpPost("rules/try")]
    [Limited(RateLimits.Stats)]
    [NeedsScope(ApiKeyScope.StatsRead)]
    [Body(typeof(NewAlertRuleBody), """{"kind":"silence","threshold":12}""")]
    [ProducesResponseType<TriedAlertRule>(200, "application/json", Description = "What it would have told of, the oldest first.")]
    [Refuses(400, 403)]
    public Task<IActionResult> Try(CancellationToken cancellationToken) => WithDraftAsync(
        draft => rules.TryAsync(draft, User.Viewer(), cancellationToken), tried => Ok(TriedAlertRule.Of(tried.Findings)));

    [EndpointSummary("Changes a rule")]
    [HttpPatch("rules/{rule_id}")]
    [Limited(RateLimits.WebhookEdit)]
    [NeedsScope(ApiKeyScope.WebhooksManage)]
    [Body(typeof(AlertRuleBody), """{"threshold":5,"mail":false}""")]
    [ProducesResponseType<AlertRuleItem>(200, "application/json", Description = "The rule as it is now.")]
    [Refuses(400, 403, 404)]
    public async Task<IActionResult> Edit([FromRoute(Name = "rule_id")] string id, CancellationToken cancellationToken)
    {
        if (!PublicId.IsValid(id))
        {
            return MalformedRule;
        }

        var (fields, problem) = await JsonFields.ReadAsync(Request);
        if (fields is null)
        {
            return problem!;
        }

        return AlertFields.Edit(fields, Delivers) is { } edit
            ? Answer(await rules.EditAsync(id, edit, User.Viewer(), cancellationToken), done => Ok(AlertRuleItem.Of(done.Rule)))
            : ApiProblem.Of(fields.Refusal!);
    }

    [EndpointSummary("Deletes a rule, and what it has found")]
    [HttpDelete("rules/{rule_id}")]
    [Limited(RateLimits.WebhookEdit)]
    [NeedsScope(ApiKeyScope.WebhooksManage)]
    [ProducesResponseType(204, Description = "The rule is gone.")]
    [Refuses(400, 404)]
    public async Task<IActionResult> Delete([FromRoute(Name = "rule_id")] string id, CancellationToken cancellationToken) =>
        PublicId.IsValid(id) ? Answer(await rules.DeleteAsync(id, User.Viewer(), cancellationToken), _ => NoContent()) : MalformedRule;

    private bool Delivers => HttpContext.RequestServices.GetRequiredService<MailQueue>().Delivers;

    private async Task<IActionResult> WithDraftAsync(Func<AlertRuleDraft, Task<AlertRuleOutcome>> act, Func<AlertRuleOutcome.Done, IActionResult> answer)
    {
        var (fields, problem) = await JsonFields.ReadAsync(Request);
        if (fields is null)
        {
            return problem!;
        }

        return AlertFields.Draft(fields, Delivers) is { } draft ? Answer(await act(draft), answer) : ApiProblem.Of(fields.Refusal!);
    }

    private static IActionResult Answer(AlertRuleOutcome outcome, Func<AlertRuleOutcome.Done, IActionResult> answer) => outcome switch
    {
        AlertRuleOutcome.Done done => answer(done),
        AlertRuleOutcome.Refused(var no) => ApiProblem.Of(no),
        _ => throw new UnreachableException(),
    };
}
