using System.Globalization;
using System.Net;
using Spoo.Data.Links;
using Spoo.Tests.Support;

namespace Spoo.Tests.Export;

/// <summary>One list or cross-tab as one file: what a person looks at, and all of it.</summary>
[OnEveryDatabase]
public sealed class ListExportTests(SpooApp app) : IClassFixture<SpooApp>
{
    private const string List = "/api/v1/export/list?start_date=2026-02-17T00:00:00Z&end_date=2026-02-19T23:59:59Z";

    [Fact]
    public async Task A_list_has_every_row_with_names_beside_codes()
    {
        var (client, link) = await OwnerAsync();
        await app.AddAsync(
            Click(link, "DE"), Click(link, "DE", 2), Click(link, "FR"), Click(link, null));

        Assert.Equal(
            """
            country,name,clicks,clicks_percentage,unique_clicks,unique_clicks_percentage
            DE,Germany,2,50,2,50
            FR,France,1,25,1,25
            XX,Unknown,1,25,1,25

            """,
            await CsvAsync(client, "&group_by=country"));
        Assert.Contains("\nDE,Deutschland,2,", await CsvAsync(client, "&group_by=country&names=de"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_is_searched_and_sorted_as_on_the_page_and_its_shares_stay_those_of_the_whole()
    {
        var (client, link) = await OwnerAsync();
        await app.AddAsync(Click(link, "DE"), Click(link, "GE"), Click(link, "GE", 2), Click(link, "FR"));

        var rows = (await CsvAsync(client, "&group_by=country&search=GE&sort=label")).TrimEnd().Split('\n');

        Assert.Equal(["GE,Georgia,2,50,2,50", "DE,Germany,1,25,1,25"], rows[1..]);
    }

    [Fact]
    public async Task A_list_is_longer_than_the_ones_of_a_report()
    {
        var (client, link) = await OwnerAsync();
        await app.AddAsync(Enumerable.Range(0, 120).Select(number => Some.Click(link) with { City = string.Create(CultureInfo.InvariantCulture, $"City {number}, D.C.") }));

        var rows = (await CsvAsync(client, "&group_by=city")).TrimEnd().Split('\n');

        Assert.Equal(121, rows.Length);
        Assert.Equal("\"City 0, D.C.\",1,0.83,1,0.83", rows[1]);
    }

    [Fact]
    public async Task A_cross_tab_is_a_table_whose_sums_are_those_of_the_lists()
    {
        var (client, link) = await OwnerAsync();
        await app.AddAsync(
            Click(link, "DE") with { Device = "mobile" },
            Click(link, "DE", 2) with { Device = "desktop" },
            Click(link, "DE") with { Device = "desktop" },
            Click(link, "FR", 3) with { Device = "desktop" });

        Assert.Equal(
            """
            Country / Device,Desktop,Mobile,All
            Germany,2,1,3
            France,1,0,1
            All,3,1,4

            """,
            await CsvAsync(client, "&group_by=country,device"));

        // Visitor 1 is in two cells, and one visitor all the same.
        Assert.Equal(
            """
            Country / Device,Desktop,Mobile,All
            Germany,2,1,2
            France,1,0,1
            All,3,1,3

            """,
            await CsvAsync(client, "&group_by=country,device&metrics=unique_clicks"));
    }

    [Fact]
    public async Task What_a_cross_tab_does_not_show_is_summed_up()
    {
        var (client, link) = await OwnerAsync();
        await app.AddAsync(
            Click(link, "DE") with { Device = "mobile" }, Click(link, "DE", 2) with { Device = "mobile" }, Click(link, "DE") with { Device = "desktop" },
            Click(link, "FR") with { Device = "mobile" }, Click(link, "FR") with { Device = "tablet" });

        Assert.Equal(
            """
            Country / Device,Mobile,Others,All
            Germany,2,1,3
            Others,1,1,2
            All,3,2,5

            """,
            await CsvAsync(client, "&group_by=country,device&limit=1"));
    }

    [Fact]
    public async Task A_file_is_called_what_the_page_says_and_nothing_else()
    {
        var (client, _) = await OwnerAsync();

        var answer = await client.GetAsync($"{List}&group_by=country&filename=spoo-launch-2026-02", TestContext.Current.CancellationToken);

        Assert.Equal("attachment; filename=\"spoo-launch-2026-02.csv\"", answer.Content.Headers.GetValues("Content-Disposition").Single());
        foreach (var name in (string[])["a/b", "a\"b", ".hidden", "ä", "a%0d%0ab"])
        {
            Assert.Equal("filename", (await client.ProblemAsync($"{List}&filename={name}", 422, "validation_error")).Text("field"));
        }
    }

    [Theory]
    [InlineData("&sort=size", "sort")]
    [InlineData("&names=fr", "names")]
    [InlineData("&group_by=country,city,device", "group_by")]
    public async Task What_cannot_be_is_named_as_the_field_at_fault(string parameters, string field)
    {
        var (client, _) = await OwnerAsync();

        var problem = await client.GetAsync(List + parameters, TestContext.Current.CancellationToken);

        Assert.True((int)problem.StatusCode is 400 or 422);
        Assert.Contains($"\"field\":\"{field}\"", (await problem.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_that_a_spreadsheet_would_take_for_a_formula_is_none()
    {
        var (client, link) = await OwnerAsync();
        await app.AddAsync(Some.Click(link) with { City = "=1+1", Device = "mobile" });

        Assert.Contains("\n'=1+1,1,", await CsvAsync(client, "&group_by=city"), StringComparison.Ordinal);
        Assert.Contains("'=1+1", await CsvAsync(client, "&group_by=device,city"), StringComparison.Ordinal);
    }

    private static Data.Clicks.Facts.ClickFacts Click(Link link, string? country, long visitor = 1) => Some.Click(link, visitor: visitor) with { Country = country };

    private async Task<(HttpClient Client, Link Link)> OwnerAsync()
    {
        var owner = await app.AddUserAsync();
        return (await app.WithKeyAsync(owner), await app.AddAsync(Some.Link(owner: owner)));
    }

    private static async Task<string> CsvAsync(HttpClient client, string parameters)
    {
        var answer = await client.GetAsync(List + parameters, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        return (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ReplaceLineEndings("\n");
    }
}
