using Microsoft.AspNetCore.WebUtilities;
using Spoo.Data.Links;
using Spoo.Web.Addresses;

namespace Spoo.Web.Identity.Providers;

/// <summary>Addresses of signing in with a provider. They are no pages: each leads on.</summary>
internal static class ProviderAddress
{
    public const string StartRoute = SpooUrls.SignInProviders + "/{name}";
    public const string FinishRoute = StartRoute + "/finish";
    public const string ReturnParameter = ReturnUrls.Parameter;
    public const string InvitationParameter = SpooUrls.InvitationParameter;
    public const string TicketParameter = "ticket";

    /// <summary>Where the provider sends people back to; it has to be told so there.</summary>
    public static string Callback(string name) => $"{SpooUrls.SignInProviders}/{name}/callback";

    public static string Finish(string name) => $"{SpooUrls.SignInProviders}/{name}/finish";

    /// <summary>Where signing in with a provider begins.</summary>
    /// <param name="ticket">For what else than signing in, as <see cref="ProviderTickets"/> seals it. Null: to sign in.</param>
    public static string Start(string name, string? returnUrl = null, string? invitation = null, string? ticket = null) => QueryHelpers.AddQueryString(
        $"{SpooUrls.SignInProviders}/{name}",
        new Dictionary<string, string?> { [ReturnParameter] = returnUrl, [InvitationParameter] = invitation, [TicketParameter] = ticket }
            .Where(parameter => parameter.Value is not null));

    public static string Refused(string name, ProviderRefusal why) => $"{SpooUrls.SignInRefused}?provider={name}&why={why}";

    /// <summary>
    /// One of these addresses as the provider knows it. Behind a proxy the setting says it better than the request, as long as it is about the host
    /// that the browser, which has the cookies, is at.
    /// </summary>
    public static string Here(HttpRequest request, ShorteningOptions options, string address)
    {
        var isPublic = options.PublicUrl is { } url && string.Equals(new Uri(url).Host, request.Host.Host, StringComparison.OrdinalIgnoreCase);
        return $"{(isPublic ? SpooUrls.Origin(request, options) : $"{request.Scheme}://{request.Host}{request.PathBase}")}/{address}";
    }
}
