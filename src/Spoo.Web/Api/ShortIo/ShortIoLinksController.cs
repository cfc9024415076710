using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Links;
using Spoo.Web.Addresses;
using Spoo.Web.Api.Links;
using Spoo.Web.Identity;
using Spoo.Web.Limits;

namespace Spoo.Web.Api.ShortIo;

/// <summary>Short.io's links: its programs look a link up before they ask for its numbers. <c>docs/short-io.md</c> says what each call answers.</summary>
[ApiController]
[ApiExplorerSettings(IgnoreApi = true)]
[ShortIo]
[NeedsAccount]
public sealed class ShortIoLinksController(
    LinkService links, LinkList list, LinkNames names, ShortIoDomains domains, ClickLimits limits, ShorteningOptions options, IDataProtectionProvider protection, TimeProvider clock)
    : ControllerBase
{
    private const int MaxLinks = 150;
    private const int DefaultLinks = 50;
    private const int MaxIdLength = 100;

    private static readonly ApiProblem NoSuchLink = ApiProblem.Of(new Refusal(RefusalKind.NotFound, "Link not found"));

    private readonly IDataProtector _tokens = protection.CreateProtector("ShortIo.PageToken");

    private Viewer Viewer => User.Viewer();

    [HttpGet("/api/domains")]
    [Limited(RateLimits.Urls)]
    [NeedsScope(ApiKeyScope.UrlsRead, ApiKeyScope.UrlsManage, ApiKeyScope.StatsRead)]
    public async Task<IActionResult> Domains(CancellationToken cancellationToken)
    {
        var since = await names.OldestAsync(Viewer.UserId!, null, cancellationToken) ?? clock.GetUtcNow();
        var pattern = (await ShortIoFields.ReadAsync(Request)).Text("pattern");
        var others = await domains.OthersAsync(Viewer, cancellationToken);
        return Json(others.Select(domain => ShortIoDomainBody.Of(ShortIoDomains.IdOf(domain.Id), domain.Host, domain.CreatedAt))
            .Prepend(ShortIoDomainBody.Of(ShortIoDomains.OwnId, OwnDomain.NameOf(Request, options), since))
            .Where(domain => pattern is null || domain.Hostname.Contains(pattern, StringComparison.OrdinalIgnoreCase)));
    }

    [HttpGet("/api/links")]
    [Limited(RateLimits.Urls)]
    [NeedsScope(ApiKeyScope.UrlsRead, ApiKeyScope.UrlsManage)]
    public async Task<IActionResult> List(CancellationToken cancellationToken)
    {
        var fields = await ShortIoFields.ReadAsync(Request);
        if (fields.Text("domain_id") is null)
        {
            fields.Refuse("domain_id", "is required; GET /api/domains has it");
        }

        var (host, isThere) = await domains.FindAsync(fields.Text("domain_id") ?? "", Viewer, Request, cancellationToken);
        if (!isThere)
        {
            return ShortIoDomains.Unknown;
        }

        if (fields.Text("folderId") is not null)
        {
            return ApiProblem.Of(Refusal.NotOffered("folderId", "folderId: there are no folders on this server"));
        }

        var wanted = fields.Text("limit") is { } limit ? Whole(limit) : DefaultLinks;
        if (wanted is not (>= 1 and <= MaxLinks))
        {
            fields.Refuse("limit", string.Create(CultureInfo.InvariantCulture, $"should be a whole number from 1 to {MaxLinks}"));
        }

        var order = fields.Text("dateSortOrder") ?? "desc";
        if (order is not ("asc" or "desc"))
        {
            fields.Refuse("dateSortOrder", "should be asc or desc");
        }

        (DateTimeOffset, long)? behind = null;
        if (fields.Text("pageToken") is { } token && (behind = PositionIn(token)) is null)
        {
            fields.Refuse("pageToken", "should be the nextPageToken of the page before");
        }

        var after = ShortIoPeriod.DateOf(fields, "afterDate", TimeZoneInfo.Utc);
        var before = ShortIoPeriod.DateOf(fields, "beforeDate", TimeZoneInfo.Utc);
        if (fields.Refusal is { } refusal)
        {
            return ApiProblem.Of(refusal);
        }

        await limits.SettleAsync(cancellationToken);
        var selection = new LinkSelection
        {
            OwnerId = Viewer.UserId!,
            Domain = host ?? "",
            CreatedAfter = after?.AddTicks(1),
            CreatedBefore = before?.AddTicks(-1),
            Descending = order == "desc",
            Take = wanted!.Value + 1,
        };
        var count = behind is null ? (int?)null : (await list.SelectAsync(selection with { Take = 1 }, cancellationToken)).Total;
        var (found, total) = await list.SelectAsync(selection with { Behind = behind }, cancellationToken);
        var page = found.Take(wanted.Value).ToList();
        return Json(new ShortIoLinkPage(
            count ?? total,
            [.. page.Select(Body)],
            found.Count > wanted ? _tokens.Protect(string.Create(CultureInfo.InvariantCulture, $"{page[^1].CreatedAt.UtcTicks},{page[^1].Id}")) : null));
    }

    [HttpGet("/links/expand")]
    [Limited(RateLimits.Urls)]
    [NeedsScope(ApiKeyScope.UrlsRead, ApiKeyScope.UrlsManage, ApiKeyScope.StatsRead)]
    public async Task<IActionResult> Expand(CancellationToken cancellationToken)
    {
        var fields = await ShortIoFields.ReadAsync(Request);
        var (domain, path) = (fields.Text("domain"), fields.Text("path"));
        if (domain is null || path is null)
        {
            fields.Refuse(domain is null ? "domain" : "path", "is required, as are both domain and path");
            return ApiProblem.Of(fields.Refusal!);
        }

        await limits.SettleAsync(cancellationToken);
        var name = new LinkName(OwnDomain.OtherIn(domain, Request, options), path.TrimStart('/')).ToString();
        return await links.FindOwnByNameAsync(name, Viewer, cancellationToken) is { } link
            ? Json(Body(link))
            : NoSuchLink;
    }

    [HttpGet("/links/{linkId}")]
    [Limited(RateLimits.Urls)]
    [NeedsScope(ApiKeyScope.UrlsRead, ApiKeyScope.UrlsManage)]
    public async Task<IActionResult> Get(string linkId, CancellationToken cancellationToken)
    {
        await limits.SettleAsync(cancellationToken);
        return await links.FindOwnAsync(ShortIoId.In(linkId), Viewer, cancellationToken) is LinkOutcome.Done(var link) ? Json(Body(link)) : NoSuchLink;
    }

    [HttpPost("/links")]
    [Limited(RateLimits.Shorten)]
    [NeedsScope(ApiKeyScope.ShortenCreate)]
    public async Task<IActionResult> Create(CancellationToken cancellationToken)
    {
        var (fields, problem) = await JsonFields.ReadAsync(Request);
        if (fields is null)
        {
            return problem!;
        }

        var read = ShortIoLinkFields.Read(fields);
        var url = fields.RequiredText("originalURL", Link.MaxLongUrlLength);
        var domain = fields.RequiredText("domain", LinkFields.MaxDomainLength);
        var mayBeDuplicate = fields.Flag("allowDuplicates") == true;
        fields.RefuseOthers(ShortIoLinkFields.Names);
        if (fields.Refusal is { } refusal)
        {
            return ApiProblem.Of(refusal);
        }

        var (host, isThere) = await domains.FindAsync(domain, Viewer, Request, cancellationToken);
        if (!isThere)
        {
            return ShortIoDomains.Unknown;
        }

        url = read.WithCampaign(url);
        if (read.Path is not null && !mayBeDuplicate
            && await links.FindOwnByNameAsync(new LinkName(host, read.Path).ToString(), Viewer, cancellationToken) is { } same && same.LongUrl == url)
        {
            return Json(Body(same) with { Success = true, Duplicate = true });
        }

        var draft = new LinkDraft
        {
            LongUrl = url,
            Alias = read.Path,
            Domain = host,
            Title = read.Title?.To,
            Password = read.Password?.To,
            MaxClicks = read.ClicksLimit?.To,
            ExpireAfter = read.ExpiresAt?.To,
            PassQuery = read.PassQuery,
            RedirectStatus = read.RedirectStatus?.To,
            ExpiredUrl = read.ExpiredUrl?.To,
            IsArchived = read.IsArchived == true,
            Targets = read.Targets,
            Tags = read.Tags ?? [],
        };
        return await links.CreateAsync(draft, Viewer, Request.Host.Host, cancellationToken) switch
        {
            LinkOutcome.Done(var link) => Json(Body(link) with { Success = true, Duplicate = false }),
            LinkOutcome.Refused(var no) => ApiProblem.Of(no),
            _ => throw new UnreachableException(),
        };
    }

    [HttpPost("/links/archive")]
    [Limited(RateLimits.UrlEdit)]
    [NeedsScope(ApiKeyScope.UrlsManage)]
    public Task<IActionResult> Archive(CancellationToken cancellationToken) => ArchiveAsync(true, cancellationToken);

    [HttpPost("/links/unarchive")]
    [Limited(RateLimits.UrlEdit)]
    [NeedsScope(ApiKeyScope.UrlsManage)]
    public Task<IActionResult> Unarchive(CancellationToken cancellationToken) => ArchiveAsync(false, cancellationToken);

    private async Task<IActionResult> ArchiveAsync(bool isArchived, CancellationToken cancellationToken)
    {
        var (fields, problem) = await JsonFields.ReadAsync(Request);
        if (fields is null)
        {
            return problem!;
        }

        var id = fields.RequiredText("link_id", MaxIdLength);
        return fields.Refusal is { } refusal
            ? ApiProblem.Of(refusal)
            : await links.EditAsync(ShortIoId.In(id), new LinkEdit { IsArchived = isArchived }, Viewer, Request.Host.Host, cancellationToken) switch
            {
                LinkOutcome.Done => Json(new { Success = true }),
                LinkOutcome.Refused(var no) => no == LinkService.NotTheirs ? NoSuchLink : ApiProblem.Of(no),
                _ => throw new UnreachableException(),
            };
    }

    [HttpPost("/links/{linkId}")]
    [Limited(RateLimits.UrlEdit)]
    [NeedsScope(ApiKeyScope.UrlsManage)]
    public async Task<IActionResult> Edit(string linkId, CancellationToken cancellationToken)
    {
        var (fields, problem) = await JsonFields.ReadAsync(Request);
        if (fields is null)
        {
            return problem!;
        }

        var read = ShortIoLinkFields.Read(fields);
        var url = fields.Text("originalURL", Link.MaxLongUrlLength, minLength: 1);
        fields.RefuseOthers(ShortIoLinkFields.Names);
        if (fields.Refusal is { } refusal)
        {
            return ApiProblem.Of(refusal);
        }

        var id = ShortIoId.In(linkId);
        if (await links.FindOwnAsync(id, Viewer, cancellationToken) is not LinkOutcome.Done(var found))
        {
            return NoSuchLink;
        }

        var edit = new LinkEdit
        {
            LongUrl = url is null && !read.HasCampaign ? null : read.WithCampaign(url ?? found.LongUrl),
            Alias = read.Path,
            Title = read.Title,
            Password = read.Password,
            MaxClicks = read.ClicksLimit,
            ExpireAfter = read.ExpiresAt,
            PassQuery = read.PassQuery is { } pass ? new Change<bool?>(pass) : null,
            RedirectStatus = read.RedirectStatus,
            ExpiredUrl = read.ExpiredUrl,
            IsArchived = read.IsArchived,
            Targets = read.Targets,
            Tags = read.Tags,
        };
        return await links.EditAsync(id, edit, Viewer, Request.Host.Host, cancellationToken) switch
        {
            LinkOutcome.Done(var link) => Json(Body(link)),
            LinkOutcome.Refused(var no) => ApiProblem.Of(no),
            _ => throw new UnreachableException(),
        };
    }

    [HttpDelete("/links/{linkId}")]
    [Limited(RateLimits.UrlDelete)]
    [NeedsScope(ApiKeyScope.UrlsManage)]
    public async Task<IActionResult> Delete(string linkId, CancellationToken cancellationToken)
    {
        var id = ShortIoId.In(linkId);
        return await links.DeleteAsync(id, Viewer, cancellationToken) switch
        {
            LinkOutcome.Done(var link) => Json(new ShortIoDeleted(true, ShortIoId.Of(link))),
            LinkOutcome.Refused(var no) => no == LinkService.NotTheirs ? NoSuchLink : ApiProblem.Of(no),
            _ => throw new UnreachableException(),
        };
    }

    private static int? Whole(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static JsonResult Json(object answer) => new(answer, ShortIoJson.Options);

    private ShortIoLink Body(Link link) => ShortIoLink.Of(link, SpooUrls.ShortLink(Request, options, link.Name));

    /// <summary>Where the page before ended. Null: this is no token of ours.</summary>
    private (DateTimeOffset CreatedAt, long Id)? PositionIn(string token)
    {
        try
        {
            return _tokens.Unprotect(token).Split(',') is [var ticks, var id]
                ? (new DateTimeOffset(long.Parse(ticks, CultureInfo.InvariantCulture), TimeSpan.Zero), long.Parse(id, CultureInfo.InvariantCulture))
                : null;
        }
        catch (Exception exception) when (exception is System.Security.Cryptography.CryptographicException or FormatException)
        {
            return null;
        }
    }
}
