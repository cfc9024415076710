using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Web.Addresses;
using Spoo.Web.Identity;
using Spoo.Web.Limits;

namespace Spoo.Web.Api.People;

/// <summary>The API keys of an account. Only people may touch them: a key that could make keys could never be taken back.</summary>
[ApiController]
[Tags("Keys")]
[Route("api/v1/keys")]
[NeedsAccount(RefusesKeys = "API keys cannot be used to manage API keys")]
public sealed class KeysController(ApiKeyService keys, VerifiedEmail verifiedEmail, Sessions sessions, TimeProvider clock) : ControllerBase
{
    private static readonly Refusal PasswordTooOld = new(
        RefusalKind.Forbidden, $"the password was entered more than {Sessions.Recent.TotalMinutes:0} minutes ago; enter it again at /{SpooUrls.PasswordAgain}")
    {
        Code = "reauthentication_required",
    };

    private static readonly HashSet<string> Fields = JsonFields.NamesIn(typeof(KeyBody));

    private string OwnerId => User.Viewer().UserId!;

    [EndpointSummary("Makes a key. Its token is in this answer and in no other")]
    [HttpPost]
    [Limited(RateLimits.KeyCreate)]
    [Body(typeof(KeyBody), """{"name":"Weekly report","scopes":["stats:read"]}""")]
    [ProducesResponseType<KeyItem>(201, "application/json", Description = "The key, with its token.")]
    [Refuses(400)]
    public async Task<IActionResult> Create(CancellationToken cancellationToken)
    {
        if (await verifiedEmail.RefuseAsync(User.Viewer(), cancellationToken) is { } unverified)
        {
            return ApiProblem.Of(unverified);
        }

        if (!await sessions.IsRecentAsync(User.SessionId(), cancellationToken))
        {
            return ApiProblem.Of(PasswordTooOld);
        }

        var (fields, problem) = await JsonFields.ReadAsync(Request);
        if (fields is null)
        {
            return problem!;
        }

        var name = fields.RequiredText("name", ApiKey.MaxNameLength).Trim();
        var description = fields.Text("description", ApiKey.MaxDescriptionLength);
        var expiresAt = fields.Instant("expires_at");
        if (!fields.Has("scopes"))
        {
            fields.Refuse("scopes", "Field required");
        }

        var scopes = fields.Texts(
            "scopes", 1, ApiKeyScope.All.Count, ApiKeyScope.All.Contains, $"one of {string.Join(", ", ApiKeyScope.All)}");
        fields.RefuseOthers(Fields);
        if (name.Length == 0 && fields.Refusal is null)
        {
            fields.Refuse("name", "String should have something other than blanks");
        }

        var refusal = fields.Refusal
            ?? (expiresAt <= clock.GetUtcNow() ? Refusal.Invalid("expires_at must be in the future", "expires_at") : null)
            ?? await keys.RefuseAnotherAsync(OwnerId, cancellationToken);
        if (refusal is not null)
        {
            return ApiProblem.Of(refusal);
        }

        var (key, token) = await keys.CreateAsync(OwnerId, name, [.. scopes!.Distinct()], description, expiresAt, cancellationToken);
        return StatusCode(StatusCodes.Status201Created, KeyItem.Of(key) with { Token = token });
    }

    [EndpointSummary("All keys, the oldest first, without their tokens")]
    [HttpGet]
    [Limited(RateLimits.KeyList)]
    [ProducesResponseType<KeyItems>(200, "application/json", Description = "The keys.")]
    public async Task<IActionResult> List(CancellationToken cancellationToken) =>
        Ok(new KeyItems([.. (await keys.ListAsync(OwnerId, cancellationToken)).Select(KeyItem.Of)]));

    [EndpointSummary("Deletes a key, or ends it and keeps it in the list")]
    [HttpDelete("{id}")]
    [Limited(RateLimits.KeyDelete)]
    [Parameter("revoke", "true: the key stays in the list. Default: false.", Choices = "true,false")]
    [ProducesResponseType<KeyEnded>(200, "application/json", Description = "The key opens nothing any more.")]
    [Refuses(404)]
    public async Task<IActionResult> Delete(string id, CancellationToken cancellationToken)
    {
        var query = new QueryFields(Request);
        var revoke = query.Choice("revoke", new Dictionary<string, bool> { ["true"] = true, ["1"] = true, ["false"] = false, ["0"] = false }, false);
        if (!PublicId.IsValid(id))
        {
            query.Refuse("key_id", PublicId.Shape);
        }

        if (query.Refusal is { } refusal)
        {
            return ApiProblem.Of(refusal);
        }

        var found = revoke ? await keys.RevokeAsync(OwnerId, id, cancellationToken) : await keys.DeleteAsync(OwnerId, id, cancellationToken);
        return found
            ? Ok(new KeyEnded(true, revoke ? "revoked" : "deleted"))
            : ApiProblem.Of(new Refusal(RefusalKind.NotFound, "key not found or access denied"));
    }
}

internal sealed record KeyItems(IReadOnlyList<KeyItem> Keys);

/// <summary>An API key. Times are Unix seconds.</summary>
/// <param name="ExpiresAt">Null: never.</param>
/// <param name="TokenPrefix">The first characters after <c>spoo_</c>, by which its owner tells it from others.</param>
/// <param name="LastUsedAt">To the minute. Null: never.</param>
internal sealed record KeyItem(
    string Id,
    string Name,
    string? Description,
    IReadOnlyList<string> Scopes,
    long CreatedAt,
    long? ExpiresAt,
    bool Revoked,
    string TokenPrefix,
    long? LastUsedAt)
{
    /// <summary>Only in the answer that made the key.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Token { get; init; }

    public static KeyItem Of(ApiKey key) => new(
        key.Id,
        key.Name,
        key.Description,
        key.Scopes,
        key.CreatedAt.ToUnixTimeSeconds(),
        key.ExpiresAt?.ToUnixTimeSeconds(),
        key.RevokedAt is not null,
        key.TokenPrefix,
        key.LastUsedAt?.ToUnixTimeSeconds());
}

internal sealed record KeyEnded(bool Success, string Action);
