using Spoo.Data.Accounts;
using Spoo.Data.Links;

namespace Spoo.Web.Components.Webhooks;

/// <summary>The links that an endpoint hears of, as people write them: their names with blanks or lines between.</summary>
internal static class WebhookLinks
{
    private static readonly char[] Between = [' ', ',', ';', '\n', '\r', '\t'];

    /// <param name="ids">Those that are deleted have no name any more, and are left out.</param>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public static async Task<string> PrintAsync(IReadOnlyList<string> ids, Viewer viewer, LinkNames names, CancellationToken cancellationToken)
    {
        var known = (await names.FindAsync(viewer.UserId!, ids.ToHashSet(), cancellationToken)).Where(link => ids.Contains(link.PublicId)).ToDictionary(link => link.PublicId, link => link.Name);
        return string.Join('\n', ids.Where(known.ContainsKey).Select(id => known[id]));
    }

    /// <summary>The ids of the account's links with these names, which may be whole short links.</summary>
    /// <param name="own">Where short links of the server's own begin, which name no host.</param>
    /// <returns>The first text that is no link of the account, if there is one.</returns>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public static async Task<(IReadOnlyList<string> Ids, string? Unknown)> ReadAsync(
        string text, Viewer viewer, IReadOnlyList<Uri> own, LinkService links, CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        foreach (var one in text.Split(Between, StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal))
        {
            if (await links.FindOwnByNameAsync(NameOf(one, own), viewer, cancellationToken) is not { } link)
            {
                return ([], one);
            }

            ids.Add(link.PublicId);
        }

        return ([.. ids.Distinct()], null);
    }

    private static string NameOf(string text, IReadOnlyList<Uri> own)
    {
        var plain = text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? text[8..]
            : text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? text[7..]
            : text;
        var origin = own.Select(address => $"{address.Authority}{address.AbsolutePath.TrimEnd('/')}/")
            .FirstOrDefault(start => plain.StartsWith(start, StringComparison.OrdinalIgnoreCase));
        return origin is null ? plain : plain[origin.Length..];
    }
}
