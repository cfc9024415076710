using System.Collections.Frozen;
using Spoo.Data.Links.Codes;

namespace Spoo.Data.Transfer.LinkFiles;

/// <summary>The columns of a file of links, as they are exported; an import takes them in any order.</summary>
public enum LinkColumn
{
    ShortCode,

    /// <summary>A host. Empty: the installation's own domain.</summary>
    Domain,
    LongUrl,
    Title,
    Note,
    Tags,
    Status,
    CreatedAt,
    ExpireAfter,
    MaxClicks,
    BlockBots,
    PrivateStats,
    PassQuery,
    PassPath,
    RedirectStatus,
    ExpiredRedirectUrl,
    StartsAt,
    PreStartUrl,
    Archived,

    /// <summary>As JSON, in the words of the API.</summary>
    RedirectRules,

    /// <summary>As <see cref="RedirectRules"/>.</summary>
    MetaTags,

    /// <summary>Never exported: only a hash of it is kept.</summary>
    Password,

    /// <summary>Imported as the number of clicks of which nothing else is known, as far as the clicks themselves do not come.</summary>
    TotalClicks,

    /// <summary>Exported for people, and not imported: it comes with the clicks.</summary>
    LastClick,

    /// <summary>Clicks beside <see cref="TotalClicks"/>, of which an import had told only how many they were.</summary>
    ImportedClicks,
}

public static class LinkColumns
{
    /// <summary>What an export writes, in order.</summary>
    public static IReadOnlyList<LinkColumn> Exported { get; } = [.. Enum.GetValues<LinkColumn>().Where(column => column != LinkColumn.Password)];

    private static readonly FrozenDictionary<LinkColumn, string> Names = Enum.GetValues<LinkColumn>().ToFrozenDictionary(
        column => column,
        column => string.Concat(column.ToString().Select((c, at) => char.IsUpper(c) ? (at > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString())));

    private static readonly FrozenDictionary<string, LinkColumn> ByName = Enum.GetValues<LinkColumn>()
        .Select(column => KeyValuePair.Create(NameOf(column), column))
        .Append(new("alias", LinkColumn.ShortCode))
        .Append(new("url", LinkColumn.LongUrl))
        .Append(new("destination", LinkColumn.LongUrl))
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static string NameOf(LinkColumn column) => Names[column];

    public static LinkColumn? Find(string name) => ByName.TryGetValue(name.Trim(), out var column) ? column : null;
}
