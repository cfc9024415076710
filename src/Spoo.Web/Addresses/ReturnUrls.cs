namespace Spoo.Web.Addresses;

/// <summary>Where to go after signing in. Only our own addresses count, or a link could send people to a place that looks like us.</summary>
internal static class ReturnUrls
{
    public static string OwnOrDashboard(string? returnUrl) => IsOwn(returnUrl) ? returnUrl! : SpooUrls.AccountDashboard;

    private static bool IsOwn(string? url) =>
        url is ['/', ..] and not ['/', '/' or '\\', ..] && !url.Any(char.IsControl);
}
