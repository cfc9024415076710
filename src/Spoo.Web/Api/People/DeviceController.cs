using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Web.Identity;
using Spoo.Web.Identity.Providers;
using Spoo.Web.Limits;

namespace Spoo.Web.Api.People;

/// <summary>Signing in from a program: it comes with the code that the page gave it, and keeps itself signed in.</summary>
[ApiController]
[Tags("Account")]
[Route("auth/device")]
public sealed class DeviceController : ControllerBase
{
    private const int MaxCodeLength = 128;
    private const int MinVerifierLength = 43;
    private const int MaxVerifierLength = 128;
    private const int MaxTokenLength = 256;

    private static readonly ApiProblem BadCode = ApiProblem.Of(new Refusal(RefusalKind.NotSignedIn, "invalid or expired device auth code"));
    private static readonly ApiProblem BadToken = ApiProblem.Of(new Refusal(RefusalKind.NotSignedIn, "invalid or expired refresh token; sign in again"));
    private static readonly ApiProblem NotIn = ApiProblem.Of(new Refusal(RefusalKind.NotFound, "no such app is connected"));

    private readonly AppGrants _grants;
    private readonly AppAccess _access;
    private readonly AppOptions _apps;
    private readonly UserManager<SpooUser> _users;
    private readonly SignInProviders _providers;

    /// <summary>Made from the services, because one of them is internal.</summary>
    public DeviceController(IServiceProvider services)
    {
        _grants = services.GetRequiredService<AppGrants>();
        _access = services.GetRequiredService<AppAccess>();
        _apps = services.GetRequiredService<AppOptions>();
        _users = services.GetRequiredService<UserManager<SpooUser>>();
        _providers = services.GetRequiredService<SignInProviders>();
    }

    [EndpointSummary("Takes the code that an app was given, once, for tokens")]
    [HttpPost("token")]
    [Limited(RateLimits.Device)]
    [Body(typeof(DeviceTokenBody), """{"code":"0123456789abcdef","code_verifier":"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"}""")]
    [ProducesResponseType<DeviceTokens>(200, "application/json", Description = "Tokens for the app, and whom it is signed in as.")]
    public async Task<IActionResult> Token(CancellationToken cancellationToken)
    {
        var (fields, problem) = await JsonFields.ReadAsync(Request);
        if (fields is null)
        {
            return problem!;
        }

        var code = fields.RequiredText("code", MaxCodeLength);
        var verifier = !fields.Has("code_verifier") && await _grants.IsWithoutProofAsync(code, cancellationToken)
            ? null
            : fields.RequiredText("code_verifier", MaxVerifierLength, MinVerifierLength);
        if (fields.Refusal is { } refusal)
        {
            return ApiProblem.Of(refusal);
        }

        return await _grants.ExchangeAsync(code, verifier, cancellationToken) is var (grant, refresh) && await _users.FindByIdAsync(grant.UserId) is { } user
            ? Ok(new DeviceTokens(_access.TokenFor(grant, user), refresh, await AccountItem.OfAsync(user, _users, _providers)))
            : BadCode;
    }

    [EndpointSummary("Takes a refresh token, once, for new tokens")]
    [HttpPost("refresh")]
    [Limited(RateLimits.DeviceRefresh)]
    [Body(typeof(DeviceRefreshBody), """{"refresh_token":"0123456789abcdef"}""")]
    [ProducesResponseType<RefreshedTokens>(200, "application/json", Description = "New tokens; the one that was given is worth nothing any more.")]
    public async Task<IActionResult> Refresh(CancellationToken cancellationToken)
    {
        var (fields, problem) = await JsonFields.ReadAsync(Request);
        if (fields is null)
        {
            return problem!;
        }

        var token = fields.RequiredText("refresh_token", MaxTokenLength);
        if (fields.Refusal is { } refusal)
        {
            return ApiProblem.Of(refusal);
        }

        return await _grants.RefreshAsync(token, cancellationToken) is var (grant, refresh) && await _users.FindByIdAsync(grant.UserId) is { } user
            ? Ok(new RefreshedTokens(_access.TokenFor(grant, user), refresh))
            : BadToken;
    }

    [EndpointSummary("Shuts an app out, wherever it is signed in")]
    [HttpPost("revoke")]
    [NeedsAccount(RefusesKeys = "apps and API keys cannot shut out apps; sign in on a page")]
    [Limited(RateLimits.KeyDelete)]
    [Body(typeof(DeviceRevokeBody), """{"app_id":"spoo-cli"}""")]
    [ProducesResponseType<AppEnded>(200, "application/json", Description = "The app is out at once.")]
    [Refuses(404)]
    public async Task<IActionResult> Revoke(CancellationToken cancellationToken)
    {
        var (fields, problem) = await JsonFields.ReadAsync(Request);
        if (fields is null)
        {
            return problem!;
        }

        var id = fields.RequiredText(fields.Has("grant_id") && !fields.Has("app_id") ? "grant_id" : "app_id", MaxCodeLength);
        return fields.Refusal is { } refusal ? ApiProblem.Of(refusal)
            : await _grants.RevokeAsync(User.Viewer().UserId!, id, _apps.Find(id)?.Name, cancellationToken) ? Ok(new AppEnded(true, "the app is disconnected"))
            : NotIn;
    }

    [EndpointSummary("The apps that are connected to the account, the newest first")]
    [HttpGet("/api/v1/apps")]
    [NeedsAccount(RefusesKeys = "apps and API keys cannot list apps; sign in on a page")]
    [Limited(RateLimits.KeyList)]
    [ProducesResponseType<AppItems>(200, "application/json", Description = "The apps.")]
    public async Task<IActionResult> Apps(CancellationToken cancellationToken)
    {
        var grants = await _grants.ListAsync(User.Viewer().UserId!, cancellationToken);
        return Ok(new AppItems([.. grants.GroupBy(grant => grant.AppId).Select(app => app.First() with { LastUsedAt = app.Max(grant => grant.LastUsedAt) })
            .Select(grant => new AppItem(grant.Id, grant.AppId, _apps.Find(grant.AppId)?.Name ?? grant.AppId, null, grant.Scopes, grant.Scopes, grant.GrantedAt, grant.LastUsedAt))]));
    }
}

internal sealed record DeviceTokens(string AccessToken, string RefreshToken, AccountItem User);

internal sealed record RefreshedTokens(string AccessToken, string RefreshToken);

internal sealed record AppEnded(bool Success, string Message);

internal sealed record AppItems(IReadOnlyList<AppItem> Items);

/// <param name="App">What the app calls itself; with it, it can be shut out.</param>
/// <param name="LastUsedAt">To the minute. Null: never.</param>
internal sealed record AppItem(
    string Id, string App, string AppName, string? Icon, IReadOnlyList<string> Scopes, IReadOnlyList<string> Permissions, DateTimeOffset GrantedAt, DateTimeOffset? LastUsedAt);
