using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Web.Addresses;
using Spoo.Web.Identity;
using Spoo.Web.Limits;

namespace Spoo.Web.Api.Links;

[ApiController]
[Tags("Links")]
[Route("api/v1/shorten")]
public sealed class ShortenController(LinkService links, ShorteningOptions options) : ControllerBase
{
    private const int MaxCheckedAliasLength = 64;

    /// <summary>How aliases are made up; true: of emoji.</summary>
    private static readonly Dictionary<string, bool> AliasTypes = new() { ["alphanumeric"] = false, ["emoji"] = true };

    [EndpointSummary("Makes a short link, for the caller")]
    [HttpPost]
    [Limited(RateLimits.Shorten)]
    [NeedsScope(ApiKeyScope.ShortenCreate)]
    [Body(typeof(ShortenBody), """{"long_url":"https://example.com/launch","alias":"launch","max_clicks":1000}""")]
    [ProducesResponseType<ShortenedLink>(201, "application/json", Description = "The link.")]
    [ProducesResponseType<ShortenedLink>(200, "application/json", Description = "With reuse: a link of the caller's that was there already and is what was asked for.")]
    [Refuses(400, 403, 404, 409)]
    public async Task<IActionResult> Shorten(CancellationToken cancellationToken)
    {
        var (fields, problem) = await JsonFields.ReadAsync(Request);
        if (fields is null)
        {
            return problem!;
        }

        var draft = DraftIn(fields, User.Viewer());
        RefuseNotOffered(fields, draft);
        fields.RefuseOtherLinkFields();
        return fields.Refusal is { } refusal
            ? ApiProblem.Of(refusal)
            : await links.CreateAsync(draft, User.Viewer(), Request.Host.Value, cancellationToken) switch
            {
                LinkOutcome.Done(var link) done => StatusCode(
                    done.IsReused ? StatusCodes.Status200OK : StatusCodes.Status201Created,
                    ShortenedLink.Of(link, OwnDomain.Of(link, Request, options), SpooUrls.ShortLink(Request, options, link.Name), done.ClaimToken)),
                LinkOutcome.Refused(var no) => ApiProblem.Of(no),
                _ => throw new UnreachableException(),
            };
    }

    [EndpointSummary("Whether an alias can still be had")]
    [HttpGet("check-alias")]
    [Limited(RateLimits.CheckAlias)]
    [Parameter("alias", "1 to 64 characters.", IsRequired = true, Example = "launch")]
    [Parameter("domain", "A domain of the caller's, for which an account is needed. Default: the server's own.", Example = "links.example.com")]
    [ProducesResponseType<AliasAnswer>(200, "application/json", Description = "Whether it is free; reason is length, format, reserved, taken, emoji_policy or null.")]
    public async Task<IActionResult> CheckAlias(CancellationToken cancellationToken)
    {
        var query = new QueryFields(Request);
        var alias = query.RequiredText("alias", MaxCheckedAliasLength);
        var domain = query.Text("domain", LinkFields.MaxDomainLength);
        if (query.Refusal is { } refusal)
        {
            return ApiProblem.Of(refusal);
        }

        var (problem, notThere) = await links.CheckAliasAsync(alias, OwnDomain.OtherIn(domain, Request, options), User.Viewer(), cancellationToken);
        return notThere is not null
            ? ApiProblem.Of(notThere)
            : Ok(new AliasAnswer(problem is null, problem is null ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName(problem.Value.ToString())));
    }

    /// <summary>Refuses what was asked for and cannot be done, which must not be left out of a link that is made all the same.</summary>
    private void RefuseNotOffered(JsonFields fields, LinkDraft draft)
    {
        fields.RefuseNotOffered();
        if (User.Viewer().UserId is null && draft.MayBeReused)
        {
            fields.Refuse(Refusal.SignInFirst with { Message = "Authentication required to reuse a link: without an account there are none to find", Fields = [new FieldError("reuse", "needs an account")] });
        }

        if (User.Viewer().UserId is null && draft.IsArchived)
        {
            fields.Refuse(Refusal.SignInFirst with { Message = "Authentication required to archive a link: without an account it is in no list", Fields = [new FieldError("archived", "needs an account")] });
        }

        if (User.Viewer().UserId is null && draft.PrivateStats == true)
        {
            fields.Refuse(Refusal.SignInFirst with
            {
                Message = "Authentication required to set private_stats: nobody could read the statistics of a link without an owner",
                Fields = [new FieldError("private_stats", "needs an account")],
            });
        }
    }

    private LinkDraft DraftIn(JsonFields fields, Viewer viewer)
    {
        var urlField = fields.NameOf("long_url", olderName: "url");
        var alias = fields.Text("alias", ShortCode.MaxLength);
        if (string.IsNullOrEmpty(alias))
        {
            alias = null;
        }
        else if (!EmojiCodes.AreMeant(alias) && AliasRules.ProblemOf(alias, options) is AliasProblem.Length or AliasProblem.Format)
        {
            fields.Refuse("alias", AliasRules.ShapeFor(alias, options));
        }

        var targets = TargetFields.Read(fields, viewer, SpooUrls.Origin(Request, options));
        return new LinkDraft
        {
            LongUrl = fields.RequiredText(urlField, Link.MaxLongUrlLength),
            Alias = alias,
            OfEmoji = fields.Choice("alias_type", AliasTypes) == true,
            Domain = fields.Domain(Request, options),
            Title = fields.Text("title", Link.MaxTitleLength),
            Note = fields.Text("note", Link.MaxNoteLength),
            Password = fields.Text("password", LinkRules.MaxPasswordLength, LinkRules.MinPasswordLength),
            BlockBots = fields.Flag("block_bots"),
            MaxClicks = fields.Whole("max_clicks", 1),
            ExpireAfter = fields.Instant("expire_after"),
            PrivateStats = fields.Flag("private_stats"),
            PassQuery = fields.Flag("pass_query"),
            PassPath = targets.PassPath?.To,
            RedirectStatus = targets.Status?.To,
            ExpiredUrl = targets.Expired?.To,
            StartsAt = targets.Starts?.To,
            PreStartUrl = targets.Early?.To,
            Status = fields.Choice("status", LinkWords.OwnersStatuses) ?? LinkStatus.Active,
            IsArchived = fields.Flag("archived") == true,
            MayBeReused = fields.Flag("reuse") == true,
            Targets = targets.Targets,
            Preview = targets.Preview?.To,
            Tags = fields.Tags() ?? [],
        };
    }
}
