namespace Spoo.Web.Api;

/// <summary>Names of parameters and fields as programs write them who are used to other ways: <c>groupBy</c>, <c>Group-By</c>, <c>browser[]</c>.</summary>
internal static class WireNames
{
    /// <summary>The name that is meant, of those that there are. Null: none of them.</summary>
    public static string? Meant(string name, IEnumerable<string> known) =>
        Bare(name) is { Length: > 0 } bare ? known.FirstOrDefault(other => other == name) ?? known.FirstOrDefault(other => Bare(other).Equals(bare, StringComparison.OrdinalIgnoreCase)) : null;

    private static string Bare(string name)
    {
        var end = name.EndsWith(']') ? name.IndexOf('[', StringComparison.Ordinal) : -1;
        return string.Concat((end < 0 ? name : name[..end]).Where(c => c is not ('_' or '-')));
    }
}
