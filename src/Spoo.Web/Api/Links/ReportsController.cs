using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Links.Blocks;
using Spoo.Data.Links.Domains;
using Spoo.Web.Addresses;
using Spoo.Web.Identity;
using Spoo.Web.Limits;

namespace Spoo.Web.Api.Links;

/// <summary>What visitors say about where links lead.</summary>
[ApiController]
[Tags("Reports")]
[Route("api/v1/reports")]
public sealed class ReportsController(LinkReports reports, KnownDomains domains, ShorteningOptions options) : ControllerBase
{
    private const int MaxCodeLength = 2048;
    private const int MaxCaptchaLength = 8192;

    private static readonly HashSet<string> Fields = JsonFields.NamesIn(typeof(ReportsBody));
    private static readonly HashSet<string> FieldsOfItems = JsonFields.NamesIn(typeof(ReportedItem));

    private static readonly Dictionary<string, ReportReason> Reasons = Words<ReportReason>();
    private static readonly Dictionary<string, ReportVector> Vectors = Words<ReportVector>();

    [EndpointSummary("Reports links that lead to something bad, whoever they belong to")]
    [HttpPost]
    [Limited(RateLimits.Report)]
    [NeedsScope(ApiKeyScope.ReportsCreate)]
    [Body(typeof(ReportsBody), """{"items":[{"code_or_url":"abc123","reason":"phishing","vector":"sms"}]}""")]
    [ProducesResponseType<ReportAnswer>(200, "application/json", Description = "What was taken, and what was not.")]
    [Refuses(400)]
    public async Task<IActionResult> Report(CancellationToken cancellationToken)
    {
        var (fields, problem) = await JsonFields.ReadAsync(Request);
        if (fields is null)
        {
            return problem!;
        }

        var most = User.Viewer().UserId is null ? LinkReports.MostOfStrangers : LinkReports.MostOfAccounts;
        var (inputs, links) = ItemsIn(fields);
        var email = fields.Text("reporter_email", LinkReport.MaxEmailLength);
        if (!string.IsNullOrEmpty(email) && !new EmailAddressAttribute().IsValid(email))
        {
            fields.Refuse("reporter_email", "Input should be an e-mail address, such as you@example.com");
        }

        var organisation = fields.Text("reporter_org", LinkReport.MaxOrganisationLength);
        _ = fields.Text("captcha_token", MaxCaptchaLength);
        fields.RefuseOthers(Fields);
        if (fields.Refusal is { } refusal)
        {
            return ApiProblem.Of(refusal);
        }

        if (links.Count == 0 || links.Count > most)
        {
            return ApiProblem.Of(Refusal.Invalid(FormattableString.Invariant($"items should be a list of 1 to {most} links"), "items"));
        }

        var (submission, faults) = await reports.SubmitAsync(links, email, organisation, cancellationToken);
        return Ok(new ReportAnswer(
            submission,
            faults.Count(fault => fault is null),
            [.. faults.Select((fault, index) => (fault, index)).Where(item => item.fault is not null)
                .Select(item => new RejectedReport(item.index, inputs[item.index], JsonNamingPolicy.SnakeCaseLower.ConvertName(item.fault!.Value.ToString())))]));
    }

    private (IReadOnlyList<string> Inputs, IReadOnlyList<LinkToReport> Links) ItemsIn(JsonFields fields)
    {
        var (inputs, links) = (new List<string>(), new List<LinkToReport>());
        foreach (var (number, item) in fields.Objects("items", 0, LinkReports.MostOfAccounts).Index())
        {
            var input = item.RequiredText("code_or_url", MaxCodeLength);
            var reason = item.Choice("reason", Reasons);
            if (reason is null && !item.Has("reason"))
            {
                item.Refuse("reason", "Field required");
            }

            inputs.Add(input);
            links.Add(new LinkToReport(
                SpooUrls.NameIn(input, Request, options, domains),
                reason ?? ReportReason.Other,
                item.Text("details", LinkReport.MaxDetailsLength),
                item.Choice("vector", Vectors)));
            item.RefuseOthers(FieldsOfItems);
            fields.Adopt(item, string.Create(CultureInfo.InvariantCulture, $"items.{number}."));
        }

        return (inputs, links);
    }

    private static Dictionary<string, T> Words<T>()
        where T : struct, Enum => Enum.GetValues<T>().ToDictionary(value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
}

/// <param name="SubmissionId">The number of this report.</param>
/// <param name="Accepted">How many links were taken.</param>
/// <param name="Rejected">Those that were not; empty when all were.</param>
internal sealed record ReportAnswer(string SubmissionId, int Accepted, IReadOnlyList<RejectedReport> Rejected);

/// <param name="Index">Its place in the list, from 0.</param>
/// <param name="Code">invalid_input, not_found or duplicate_in_batch.</param>
internal sealed record RejectedReport(int Index, string Input, string Code);
