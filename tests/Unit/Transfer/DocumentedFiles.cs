using System.Text.RegularExpressions;

namespace Spoo.Tests.Transfer;

/// <summary>The files that docs/import.md shows, one or more for each format.</summary>
internal static partial class DocumentedFiles
{
    public static Task<string> DocumentationAsync() =>
        File.ReadAllTextAsync(Path.Combine(HouseRulesTests.SourceFolder("docs"), "import.md"), TestContext.Current.CancellationToken);

    /// <summary>The examples with the formats they are of. Tabs, which nobody would see, stand there as arrows.</summary>
    public static IReadOnlyList<(string Format, string File)> In(string documentation) =>
    [
        .. Example().Matches(documentation).Select(match => (match.Groups["format"].Value, match.Groups["file"].Value.Replace("→", "\t", StringComparison.Ordinal))),
    ];

    [GeneratedRegex("^```text (?<format>[a-z0-9.-]+)\n(?<file>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Example();
}
