using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Links.Domains;
using Spoo.Web.Addresses;
using Spoo.Web.Identity;
using Spoo.Web.Limits;

namespace Spoo.Web.Api.Links;

/// <summary>The domains of an account, beside the server's own.</summary>
[ApiController]
[Tags("Domains")]
[Route("api/v1/custom-domains")]
[NeedsAccount]
public sealed class DomainsController(DomainService domains, ShorteningOptions options) : ControllerBase
{
    private const int MaxPage = 1000;
    private const int MaxPageSize = 100;

    private static readonly HashSet<string> FieldsOfDomains = JsonFields.NamesIn(typeof(NewDomainBody), typeof(DomainBody));

    private static readonly ApiProblem NoSuchDomain = ApiProblem.Of(new Refusal(RefusalKind.NotFound, "there is no such domain"));

    [EndpointSummary("The domains of the account, the newest first")]
    [HttpGet]
    [Limited(RateLimits.DomainRead)]
    [NeedsScope(ApiKeyScope.DomainsRead, ApiKeyScope.DomainsManage)]
    [Parameter("page", "1 to 1000. Default: 1.", IsWhole = true)]
    [Parameter("page_size", "1 to 100. Default: 20.", OtherName = "pageSize", IsWhole = true)]
    [ProducesResponseType<DomainPage>(200, "application/json", Description = "A page of domains.")]
    public async Task<IActionResult> List(CancellationToken cancellationToken)
    {
        var query = new QueryFields(Request);
        var page = query.Whole("page", 1, MaxPage, 1);
        var pageSize = query.Whole("page_size", 1, MaxPageSize, 20, olderName: "pageSize");
        if (query.Refusal is { } refusal)
        {
            return ApiProblem.Of(refusal);
        }

        var (found, total) = await domains.OwnAsync(User.Viewer(), (page - 1) * pageSize, pageSize, cancellationToken);
        return Ok(new DomainPage([.. found.Select(Body)], page, pageSize, total, page * pageSize < total));
    }

    [EndpointSummary("Adds a domain, which works once it is proved to be the caller's; an administrator's works at once")]
    [HttpPost]
    [Limited(RateLimits.DomainCreate)]
    [NeedsScope(ApiKeyScope.DomainsManage)]
    [Body(typeof(NewDomainBody), """{"fqdn":"links.example.com"}""")]
    [ProducesResponseType<DomainItem>(201, "application/json", Description = "The domain, with the records that prove it.")]
    [Refuses(403, 409)]
    public async Task<IActionResult> Create(CancellationToken cancellationToken)
    {
        var (fields, problem) = await JsonFields.ReadAsync(Request);
        if (fields is null)
        {
            return problem!;
        }

        var fqdn = fields.RequiredText("fqdn", LinkFields.MaxDomainLength);
        fields.RefuseOthers(FieldsOfDomains);
        return fields.Refusal is { } refusal
            ? ApiProblem.Of(refusal)
            : Answer(await domains.RegisterAsync(fqdn, User.Viewer(), IsOwn, cancellationToken), domain => StatusCode(StatusCodes.Status201Created, Body(domain)));
    }

    [EndpointSummary("One domain")]
    [HttpGet("{id}")]
    [Limited(RateLimits.DomainRead)]
    [NeedsScope(ApiKeyScope.DomainsRead, ApiKeyScope.DomainsManage)]
    [ProducesResponseType<DomainItem>(200, "application/json", Description = "The domain.")]
    [Refuses(403, 404)]
    public async Task<IActionResult> Get(string id, CancellationToken cancellationToken) =>
        PublicId.IsValid(id) ? Answer(await domains.FindAsync(id, User.Viewer(), cancellationToken), domain => Ok(Body(domain))) : NoSuchDomain;

    [EndpointSummary("Looks for the proof, and makes the domain work when it is there; what is missing stands in last_verification_error")]
    [HttpPost("{id}/verify")]
    [Limited(RateLimits.DomainVerify)]
    [NeedsScope(ApiKeyScope.DomainsManage)]
    [ProducesResponseType<DomainItem>(200, "application/json", Description = "The domain, active or as it was.")]
    [Refuses(403, 404, 409)]
    public async Task<IActionResult> Verify(string id, CancellationToken cancellationToken) =>
        PublicId.IsValid(id) ? Answer(await domains.VerifyAsync(id, User.Viewer(), cancellationToken), domain => Ok(Body(domain))) : NoSuchDomain;

    [EndpointSummary("Says where the address of the domain alone leads, where unknown codes lead, and what robots.txt says there")]
    [HttpPatch("{id}")]
    [Limited(RateLimits.DomainEdit)]
    [NeedsScope(ApiKeyScope.DomainsManage)]
    [Body(typeof(DomainBody), """{"root_redirect":"https://example.com/","not_found_redirect":null}""")]
    [ProducesResponseType<DomainItem>(200, "application/json", Description = "The domain as it is now.")]
    [Refuses(403, 404, 409)]
    public async Task<IActionResult> Edit(string id, CancellationToken cancellationToken)
    {
        if (!PublicId.IsValid(id))
        {
            return NoSuchDomain;
        }

        var (fields, problem) = await JsonFields.ReadAsync(Request);
        if (fields is null)
        {
            return problem!;
        }

        var edit = new DomainEdit
        {
            HomeUrl = fields.Has("root_redirect") ? new(fields.Text("root_redirect", Domain.MaxUrlLength)) : null,
            NotFoundUrl = fields.Has("not_found_redirect") ? new(fields.Text("not_found_redirect", Domain.MaxUrlLength)) : null,
            EndedUrl = fields.Has("expired_redirect") ? new(fields.Text("expired_redirect", Domain.MaxUrlLength)) : null,
            IgnoresCase = fields.Flag("case_sensitive") is { } isSensitive ? !isSensitive : null,
            RobotsText = fields.Has("custom_robots_txt") ? new(fields.Text("custom_robots_txt", Domain.MaxRobotsLength)) : null,
        };
        fields.RefuseOthers(FieldsOfDomains);
        return fields.Refusal is { } refusal
            ? ApiProblem.Of(refusal)
            : Answer(await domains.EditAsync(id, edit, User.Viewer(), cancellationToken), domain => Ok(Body(domain)));
    }

    [EndpointSummary("Gives a domain up: its links stay and lead nowhere, or are deleted with it")]
    [HttpDelete("{id}")]
    [Limited(RateLimits.DomainVerify)]
    [NeedsScope(ApiKeyScope.DomainsManage)]
    [Parameter("cascade", "Whether the links on it are deleted. Default: false.", Choices = "true,false")]
    [ProducesResponseType<RevokedDomain>(200, "application/json", Description = "The domain does not work any more.")]
    [Refuses(403, 404)]
    public async Task<IActionResult> Revoke(string id, CancellationToken cancellationToken)
    {
        if (!PublicId.IsValid(id))
        {
            return NoSuchDomain;
        }

        var query = new QueryFields(Request);
        var cascade = query.Choice("cascade", YesOrNo, otherwise: false);
        return query.Refusal is { } refusal
            ? ApiProblem.Of(refusal)
            : await domains.RevokeAsync(id, cascade, User.Viewer(), cancellationToken) switch
            {
                DomainOutcome.Done(var domain) done => Ok(new RevokedDomain(domain.PublicId, domain.Host, cascade, done.LinksDeleted)),
                DomainOutcome.Refused(var no) => ApiProblem.Of(no),
                _ => throw new UnreachableException(),
            };
    }

    [EndpointSummary("Forgets a domain that was given up, and makes room for another one")]
    [HttpDelete("{id}/permanent")]
    [Limited(RateLimits.DomainVerify)]
    [NeedsScope(ApiKeyScope.DomainsManage)]
    [ProducesResponseType(204, Description = "The domain is gone.")]
    [Refuses(403, 404, 409)]
    public async Task<IActionResult> Remove(string id, CancellationToken cancellationToken) =>
        PublicId.IsValid(id) ? Answer(await domains.RemoveAsync(id, User.Viewer(), cancellationToken), _ => NoContent()) : NoSuchDomain;

    private static readonly Dictionary<string, bool> YesOrNo = new() { ["true"] = true, ["false"] = false, ["1"] = true, ["0"] = false };

    private static IActionResult Answer(DomainOutcome outcome, Func<Domain, IActionResult> answer) => outcome switch
    {
        DomainOutcome.Done(var domain) => answer(domain),
        DomainOutcome.Refused(var no) => ApiProblem.Of(no),
        _ => throw new UnreachableException(),
    };

    private bool IsOwn(string host) => OwnDomain.Is(host, Request, options);

    private DomainItem Body(Domain domain) => DomainItem.Of(domain, OwnDomain.NameOf(Request, options));
}

/// <summary>What a server in front of this one asks before it gets a certificate for a name.</summary>
[ApiController]
[Tags("Domains")]
[Route("api/v1/domains/allowed")]
public sealed class AllowedDomainsController(KnownDomains domains, ShorteningOptions options) : ControllerBase
{
    [EndpointSummary("Whether this server answers under a name: 200 or 404, as Caddy's on-demand TLS asks")]
    [HttpGet]
    [Limited(RateLimits.AllowedDomains)]
    [Parameter("domain", "The name of a host.", IsRequired = true, Example = "links.example.com")]
    [ProducesResponseType(200, Description = "It does.")]
    [Refuses(404)]
    public async Task<IActionResult> Get(CancellationToken cancellationToken)
    {
        var query = new QueryFields(Request);
        var domain = query.RequiredText("domain", LinkFields.MaxDomainLength);
        if (query.Refusal is { } refusal)
        {
            return ApiProblem.Of(refusal);
        }

        await domains.EnsureLoadedAsync(cancellationToken);
        return domains.Find(domain) is not null || HostDoor.IsNamed(domain, options)
            ? Ok()
            : ApiProblem.Of(new Refusal(RefusalKind.NotFound, $"this server does not answer under {domain}"));
    }
}

internal sealed record NewDomainBody([property: Description("The whole name of the host, such as links.example.com.")] string Fqdn);

internal sealed record DomainBody(
    [property: Description("Where the address of the domain alone leads; null takes it away.")] string? RootRedirect = null,
    [property: Description("Where codes lead that the domain does not have; null takes it away.")] string? NotFoundRedirect = null,
    [property: Description("Where links lead that have ended and say nothing of the time after; null takes it away.")] string? ExpiredRedirect = null,
    [property: Description("Whether capital and small letters of aliases differ on the domain. false is refused while aliases clash.")] bool? CaseSensitive = null,
    [property: Description("What robots.txt says, up to 4096 characters; null: that robots should stay away.")] string? CustomRobotsTxt = null);

internal sealed record DomainPage(
    IReadOnlyList<DomainItem> Items,
    int Page,
    [property: JsonPropertyName("pageSize")] int PageSize,
    int Total,
    [property: JsonPropertyName("hasNext")] bool HasNext);

/// <param name="Status">pending, active, suspended or revoked.</param>
/// <param name="VerificationMethod">txt_challenge, or system: an administrator added it, whose word is enough.</param>
/// <param name="DnsRecords">What to publish: the proof, and what leads visitors to this server.</param>
/// <param name="SetupNotes">What else is worth knowing.</param>
/// <param name="LastVerifiedAt">Null: never.</param>
/// <param name="LastVerificationError">What was missing when it was looked for last. Null: nothing.</param>
internal sealed record DomainItem(
    string Id,
    string Fqdn,
    string Status,
    string VerificationMethod,
    IReadOnlyList<DnsRecordBody> DnsRecords,
    IReadOnlyList<string> SetupNotes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? UpdatedAt,
    DateTimeOffset? LastVerifiedAt,
    string? LastVerificationError,
    string? RootRedirect,
    string? NotFoundRedirect,
    string? ExpiredRedirect,
    bool CaseSensitive,
    string? CustomRobotsTxt)
{
    /// <param name="ownHost">Of this server.</param>
    public static DomainItem Of(Domain domain, string ownHost) => new(
        domain.PublicId,
        domain.Host,
        domain.State.ToString().ToLowerInvariant(),
        domain.Token is null ? "system" : "txt_challenge",
        [.. domain.RecordsFor(ownHost).Select(record => new DnsRecordBody(
            record.Type, record.Name, record.Value, record.Type == "TXT" ? "proves that the domain is yours" : "leads visitors to this server"))],
        domain.Token is null || domain.State == DomainState.Active ? []
        : [
            $"Instead of the TXT record, the server that answers at {domain.Host} now may have its value in the file http://{domain.Host}{DomainProof.FilePath}.",
            "At the top of a zone a CNAME record is not possible: use ALIAS, ANAME, or the addresses of this server (A, AAAA).",
            "A proxy in front of the domain must pass the Host header on.",
        ],
        domain.CreatedAt,
        domain.UpdatedAt,
        domain.VerifiedAt,
        domain.Fault,
        domain.HomeUrl,
        domain.NotFoundUrl,
        domain.EndedUrl,
        !domain.IgnoresCase,
        domain.RobotsText);
}

/// <summary>A record to publish at the name server of a domain.</summary>
internal sealed record DnsRecordBody(string Type, string Name, string Value, string Purpose);

internal sealed record RevokedDomain(string Id, string Fqdn, bool Cascade, int UrlsDeleted);
