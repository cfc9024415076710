using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Spoo.Web.Addresses;

/// <summary>
/// Where to go after signing in: a path of our own with a slash at its start, as if the server had its host to itself. Only such ones count, or a
/// link could send people to a place that looks like us.
/// </summary>
internal static class ReturnUrls
{
    public const string Parameter = "returnUrl";

    /// <summary>This page, and then that one.</summary>
    public static string Add(string page, string returnUrl) =>
        QueryHelpers.AddQueryString(page, Parameter, returnUrl is ['/', ..] ? returnUrl : "/" + returnUrl);

    /// <summary>As pages print it. The dot keeps what follows from being read as the address of another site.</summary>
    public static string OwnOrDashboard(string? returnUrl) => IsOwn(returnUrl) ? "." + Escaped(returnUrl!) : SpooUrls.AccountDashboard;

    /// <summary>The same, without what says that it hangs on the base.</summary>
    public static string BelowBase(string? returnUrl) => IsOwn(returnUrl) ? Escaped(returnUrl![1..]) : SpooUrls.AccountDashboard;

    /// <summary>As a header takes it: a code may be emoji, and people write addresses as they read them.</summary>
    private static string Escaped(string url) =>
        Ascii.IsValid(url) ? url : string.Concat(url.EnumerateRunes().Select(rune => rune.IsAscii ? rune.ToString() : Uri.EscapeDataString(rune.ToString())));

    private static bool IsOwn(string? url) =>
        url is ['/', ..] and not ['/', '/' or '\\', ..] && !url.Any(char.IsControl);
}
