using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Domains;
using Spoo.Web.Addresses;

namespace Spoo.Web.Redirect;

/// <summary>
/// Says of an address with several parts which of them are the code, where codes may be in folders: as many as there is a link for. What is behind it is a
/// path, as it is behind a code without a folder.
/// </summary>
internal sealed class FolderedCodes(LinkLookup links, LinkFinder finder, HostDoor hosts, ShorteningOptions options)
{
    /// <summary>Puts code and path into the values of the route, where the rest of the redirect takes them from.</summary>
    /// <returns>Whether that could be said; otherwise it has been answered.</returns>
    public ValueTask<bool> SettleAsync(HttpContext context, DateTimeOffset now)
    {
        if (!options.SlashesInCodes)
        {
            return new(true);
        }

        var values = context.Request.RouteValues;
        var text = FolderPaths.Decoded((string?)values["code"] ?? "");
        text = values["rest"] is string rest ? $"{text}/{rest}" : text;
        return ShortCode.FolderOf(text) is { } folder ? SettleAsync(context, text, folder, now) : new(true);
    }

    /// <summary>What is sent to a link has its kind behind the code: takes that away, and makes all before it the code.</summary>
    public static string? TakeEnd(HttpContext context)
    {
        var values = context.Request.RouteValues;
        var text = $"{values["code"]}/{values["rest"]}";
        var end = text.LastIndexOf(ShortCode.Slash);
        (values["code"], values["rest"]) = (text[..end], null);
        return text[(end + 1)..];
    }

    private async ValueTask<bool> SettleAsync(HttpContext context, string text, string folder, DateTimeOffset now)
    {
        try
        {
            await hosts.EnsureLoadedAsync(context.RequestAborted);
            var domainId = hosts.DomainOf(context.Request)?.Id ?? Domain.Default;
            if (hosts.IsUnknown(context.Request) || !ShortCode.TryParse(folder[..^1], out _) || !await links.HasFolderAsync(domainId, folder, now))
            {
                return true;
            }

            var values = context.Request.RouteValues;
            for (var end = LongestIn(text); end >= folder.Length; end = text.LastIndexOf(ShortCode.Slash, end - 1))
            {
                // What is glued to an address, and the plus of a preview, are at its end.
                var code = end == text.Length ? LinkFinder.CodeIn(text).Code : text[..end];
                if (ShortCode.TryParse(code, out var parsed) && ShortCode.IsInFolder(parsed.Value) && await links.FindAsync(domainId, parsed.Value, now) is not null)
                {
                    values["code"] = text[..end];
                    values["rest"] = end < text.Length ? text[(end + 1)..] : null;
                    return true;
                }
            }

            return true;
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            // A shorter code may be known, and is not what was asked for.
            await finder.StoreFailsAsync(context, text, exception);
            return false;
        }
    }

    /// <summary>Where the longest part of an address ends that may be a code.</summary>
    private static int LongestIn(string text)
    {
        var end = -1;
        for (var parts = 0; parts < ShortCode.MaxParts; parts++)
        {
            end = text.IndexOf(ShortCode.Slash, end + 1);
            if (end < 0)
            {
                return text.Length;
            }
        }

        return end;
    }
}
