using Microsoft.EntityFrameworkCore;
using Spoo.Data.Transfer.ClickFiles.Formats;
using Xunit;

namespace Spoo.Tests.Transfer;

/// <summary>Files name codes in folders, and paths that only look like one.</summary>
public sealed class ImportedFoldersTests
{
    private static readonly string[] Paths = ["/launch", "/team/launch", "/team~launch", "/launch@links.example", "/links.example/launch", "/team//launch"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_path_of_a_log_is_a_code_in_a_folder_only_where_the_operator_allows_them(bool isAllowed)
    {
        await using var house = await NewHouseAsync(isAllowed);
        var log = string.Concat(Paths.Select(path => $"203.0.113.7 - - [17/May/2025:10:05:03 +0000] \"GET {path} HTTP/1.1\" 302 5 \"-\" \"x\"\n"));

        var report = await house.ImportAsync(log, ClickFileFormats.Importable.Single(format => format.Name == "access-log"));

        string[] expected = isAllowed ? ["launch", "team/launch"] : ["launch"];
        await using var context = house.Context();
        Assert.Equal(expected, await context.Links.Select(link => link.ShortCode).Order().ToListAsync(Cancelled));
        Assert.Equal((expected.Length, Paths.Length - expected.Length, 0), (report.Stored, report.NotClicks, report.Bad));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_line_that_calls_it_a_code_is_bad_where_the_operator_allows_none(bool isAllowed)
    {
        await using var house = await NewHouseAsync(isAllowed);

        var report = await house.ImportAsync("""{"time":"2025-05-17T10:05:03Z","short_code":"team/launch","ip":"203.0.113.7"}""");

        Assert.Equal(isAllowed ? (1, 0) : (0, 1), (report.Stored, report.Bad));
    }

    private static Task<ImportHouse> NewHouseAsync(bool isAllowed) => ImportHouse.NewAsync(("Links:SlashesInCodes", isAllowed ? "true" : "false"));
}
