using Microsoft.AspNetCore.Identity;
using Spoo.Data.Accounts;
using Spoo.Web.Addresses;
using Spoo.Web.Limits;

namespace Spoo.Web.Identity;

/// <summary>What a page's script hands to the browser, so that a device makes a passkey or answers with one. What it is about is in a sealed cookie meanwhile.</summary>
internal static class PasskeyEndpoints
{
    private const string Json = "application/json";

    public static void Map(WebApplication app)
    {
        app.MapPost("/" + SpooUrls.PasskeyToMake, MakeAsync).RequireAuthorization().WithMetadata(new FormLimitAttribute(RateLimits.Settings)).ExcludeFromDescription();
        app.MapPost("/" + SpooUrls.PasskeyToUse, UseAsync).WithMetadata(new FormLimitAttribute(RateLimits.Settings)).ExcludeFromDescription();
    }

    private static async Task<IResult> MakeAsync(HttpContext http, UserManager<SpooUser> users, SpooSignIn signIn) => await users.GetUserAsync(http.User) is { } user
        ? Results.Text(
            await signIn.MakePasskeyCreationOptionsAsync(new PasskeyUserEntity { Id = user.Id, Name = user.Email ?? user.Id, DisplayName = user.Title }), Json)
        : Results.Unauthorized();

    /// <summary>Of whom, the device tells; of people who are signed in, only their own passkeys are asked for.</summary>
    private static async Task<IResult> UseAsync(HttpContext http, UserManager<SpooUser> users, SpooSignIn signIn) =>
        Results.Text(await signIn.MakePasskeyRequestOptionsAsync(await users.GetUserAsync(http.User)), Json);
}
