using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Spoo.Tests.Support;
using Spoo.Web.Api.ShortIo;

namespace Spoo.Tests.Api.ShortIo;

/// <summary>The page in <c>docs/</c> says exactly what there is.</summary>
public sealed partial class ShortIoDocsTests
{
    private static readonly string Page = File.ReadAllText(PathOfPage());

    [Fact]
    public void Every_parameter_filter_and_column_is_in_its_table()
    {
        Assert.Equal(ShortIoQuestion.Parameters, NamesUnder("Parameters"));
        Assert.Equal(ShortIoFilters.Names, NamesUnder("Filters"));
        Assert.Equal([.. ShortIoColumn.All.Select(column => column.Name), .. ShortIoColumn.NotStored], NamesUnder("Columns"));
        Assert.All(ShortIoPeriod.Names, name => Assert.Contains($"`{name}`", Section("Parameters"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_field_of_every_answer_is_in_its_table_and_no_other()
    {
        await using var house = await ShortIoHouse.BuildAsync();
        var link = await house.AddLinkAsync("link");
        await house.App.AddAsync(ShortIoHouse.Full(link));

        await SaysAsync("link", HttpMethod.Get, "link/link?tz=UTC");
        await SaysAsync("by_interval", HttpMethod.Get, "link/link/by_interval");
        await SaysAsync("by_interval", HttpMethod.Post, "domain/1/by_interval");
        await SaysAsync("top", HttpMethod.Post, "domain/1/top", """{"column":"os"}""");
        await SaysAsync("top_by_interval", HttpMethod.Post, "domain/1/top_by_interval", """{"column":"os"}""");
        await SaysAsync("last_clicks", HttpMethod.Post, "domain/1/last_clicks");

        // What a domain has in common with a link is said once.
        var shared = NamesUnder("Answer: link").Where(name => name.Contains('.', StringComparison.Ordinal)).ToList();
        await SaysAsync("domain", HttpMethod.Get, "domain/1?tz=UTC", also: shared);
        await SaysAsync("clear", HttpMethod.Delete, "domain/1/statistics");

        async Task SaysAsync(string table, HttpMethod method, string call, string? body = null, IReadOnlyList<string>? also = null)
        {
            var answer = await house.Client.SendAsync(method, $"/statistics/{call}", body).JsonAsync();
            Assert.Equal(NamesUnder($"Answer: {table}").Concat(also ?? []).Order(StringComparer.Ordinal), Fields(answer).Distinct().Order(StringComparer.Ordinal));
        }
    }

    private static IEnumerable<string> Fields(JsonElement element, string path = "") => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(
            property => Fields(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}")),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(item => Fields(item, path)),
        _ => [path],
    };

    private static string Section(string heading)
    {
        var start = Page.IndexOf($"\n## {heading}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"there is no heading '{heading}'");
        var end = Page.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return end < 0 ? Page[start..] : Page[start..end];
    }

    private static IEnumerable<string> NamesUnder(string heading) => FirstCell().Matches(Section(heading)).Select(match => match.Groups["name"].Value);

    private static string PathOfPage([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "..", "docs", "short-io.md");

    [GeneratedRegex(@"^\| `(?<name>[^`]+)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex FirstCell();
}
