using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Stats;
using Spoo.Data.Transfer;
using Spoo.Data.Transfer.ClickFiles;
using Spoo.Tests.Support;

namespace Spoo.Tests.Transfer;

[OnEveryDatabase]
public sealed class ClickExportTests(SpooApp app) : IClassFixture<SpooApp>
{
    private const string Clicks = "/api/v1/export/clicks";

    /// <summary>More than are read at a time.</summary>
    private const int Many = 5_000;

    [Theory]
    [InlineData("csv")]
    [InlineData("ndjson")]
    public async Task What_is_exported_is_imported_elsewhere_to_the_same_statistics(string format)
    {
        var all = $"start_date=2026-01-01&end_date=2026-03-01&interval=hour&limit=10000&group_by={string.Join(',', Dimension.All)}";
        var (client, link) = await OwnerAsync();
        await app.AddAsync(Varied(link, 2_000));
        await using var other = new SpooApp();
        var newOwner = await other.AddUserAsync();

        await using var file = await client.GetStreamAsync($"{Clicks}?format={format}", TestContext.Current.CancellationToken);
        var report = await other.Get<ClickImport>().RunAsync(
            new ClickFileToImport { Name = "clicks." + format, Content = file, OwnerId = newOwner.Id }, null, TestContext.Current.CancellationToken);

        Assert.Equal((2_000, 0, 0), (report.Stored, report.Bad, report.VisitorsGuessed));
        Assert.Empty(report.UnknownFields);
        var before = await client.JsonAsync($"/api/v1/stats?{all}");
        var after = await (await other.WithKeyAsync(newOwner)).JsonAsync($"/api/v1/stats?{all}");
        foreach (var list in before.GetProperty("metrics").EnumerateObject())
        {
            Assert.Equal(list.Value.GetRawText(), after.GetProperty("metrics").GetProperty(list.Name).GetRawText());
        }

        Assert.Equal(before.GetProperty("summary").GetRawText(), after.GetProperty("summary").GetRawText());
    }

    [Fact]
    public async Task Importing_the_same_export_again_adds_nothing()
    {
        var (client, link) = await OwnerAsync();
        await app.AddAsync(Varied(link, 10));
        var lines = await client.GetByteArrayAsync($"{Clicks}?format=ndjson", TestContext.Current.CancellationToken);
        await using var other = new SpooApp();
        var newOwner = await other.AddUserAsync();

        await ImportAsync();
        var again = await ImportAsync();

        Assert.Equal((0, 10), (again.Stored, again.AlreadyThere));

        Task<ImportReport> ImportAsync() => other.Get<ClickImport>().RunAsync(
            new ClickFileToImport { Name = "a.ndjson", Content = new MemoryStream(lines), OwnerId = newOwner.Id }, null, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_export_that_comes_home_adds_nothing_also_after_its_link_was_renamed()
    {
        var (client, link) = await OwnerAsync();
        await app.AddAsync(Varied(link, 10));
        var lines = await client.GetByteArrayAsync($"{Clicks}?format=csv", TestContext.Current.CancellationToken);
        await using var context = app.OpenDatabase();
        await context.Links.Where(own => own.Id == link.Id).ExecuteUpdateAsync(
            set => set.SetProperty(own => own.ShortCode, Some.Unique("renamed")), TestContext.Current.CancellationToken);

        var report = await app.Get<ClickImport>().RunAsync(
            new ClickFileToImport { Name = "a.csv", Content = new MemoryStream(lines), OwnerId = link.OwnerId! }, null, TestContext.Current.CancellationToken);

        Assert.Equal((0, 10, 0), (report.Stored, report.AlreadyThere, report.LinksCreated));
        Assert.Equal(10, (await client.JsonAsync("/api/v1/stats")).GetProperty("summary").GetProperty("total_clicks").GetInt32());
    }

    [Theory]
    [InlineData("csv", "text/csv; charset=utf-8; header=present")]
    [InlineData("NDJSON", "application/x-ndjson")]
    public async Task The_end_of_a_download_says_how_many_clicks_it_had_and_how_it_hashes(string format, string contentType)
    {
        var (client, link) = await OwnerAsync();
        await app.AddAsync(Varied(link, Many));

        var answer = await client.GetAsync($"{Clicks}?format={format}", TestContext.Current.CancellationToken);
        var content = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        Assert.Equal(contentType, answer.Content.Headers.ContentType!.ToString());
        Assert.Equal($"attachment; filename=\"spoo-clicks.{format.ToLowerInvariant()}\"", answer.Content.Headers.GetValues("Content-Disposition").Single());
        Assert.Equal([$"{Many}"], answer.TrailingHeaders.GetValues("X-Row-Count"));
        Assert.Equal([Convert.ToHexStringLower(SHA256.HashData(content))], answer.TrailingHeaders.GetValues("X-Content-SHA256"));
    }

    [Theory]
    [InlineData("2.0", "")]
    [InlineData("2.0", "gzip")]
    [InlineData("1.1", "")]
    [InlineData("1.1", "gzip")]
    [InlineData("1.0", "")]
    public async Task All_of_it_arrives_over_every_version_and_the_end_over_those_that_know_ends(string version, string encoding)
    {
        await using var server = new SpooApp();
        server.UseKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, 0, listen => listen.Protocols = version == "2.0" ? HttpProtocols.Http2 : HttpProtocols.Http1));
        server.StartServer();
        var owner = await server.AddUserAsync();
        await server.AddAsync(Varied(await server.AddAsync(Some.Link(owner: owner)), Many));
        using var client = new HttpClient { BaseAddress = server.ClientOptions.BaseAddress };
        client.DefaultRequestHeaders.Add("Authorization", $"Bearer {await server.AddKeyAsync(owner)}");
        client.DefaultRequestHeaders.Add("Accept-Encoding", encoding);
        (client.DefaultRequestVersion, client.DefaultVersionPolicy) = (Version.Parse(version), HttpVersionPolicy.RequestVersionExact);

        var answer = await client.GetAsync($"{Clicks}?format=ndjson", TestContext.Current.CancellationToken);
        await using var content = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await using var plain = encoding == "gzip" ? new GZipStream(content, CompressionMode.Decompress) : content;
        using var all = new MemoryStream();
        await plain.CopyToAsync(all, TestContext.Current.CancellationToken);
        var hash = Convert.ToHexStringLower(SHA256.HashData(all.ToArray()));

        Assert.Equal(Many, all.ToArray().Count(character => character == '\n'));
        string[] expected = version != "2.0" ? [] : [$"x-row-count: {Many}", $"x-content-sha256: {hash}"];
        Assert.Equal(expected, answer.TrailingHeaders.Select(trailer => $"{trailer.Key}: {trailer.Value.Single()}"));
    }

    [Fact]
    public async Task A_download_is_compressed_for_whoever_accepts_that_and_hashed_before()
    {
        var (client, link) = await OwnerAsync();
        await app.AddAsync(Varied(link, Many));
        var plain = await client.GetByteArrayAsync($"{Clicks}?format=csv", TestContext.Current.CancellationToken);
        client.DefaultRequestHeaders.Add("Accept-Encoding", "gzip");

        var answer = await client.GetAsync($"{Clicks}?format=csv", TestContext.Current.CancellationToken);
        await using var gzip = new GZipStream(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress);
        using var content = new MemoryStream();
        await gzip.CopyToAsync(content, TestContext.Current.CancellationToken);

        Assert.Equal(["gzip"], answer.Content.Headers.ContentEncoding);
        Assert.Equal(plain, content.ToArray());
        Assert.Equal([Convert.ToHexStringLower(SHA256.HashData(plain))], answer.TrailingHeaders.GetValues("X-Content-SHA256"));
    }

    [Theory]
    [InlineData("csv", 0)]
    [InlineData("csv", 1)]
    [InlineData("csv", 4_096)]
    [InlineData("ndjson", 4_500)]
    [InlineData("ndjson", Many - 1)]
    public async Task An_interrupted_download_goes_on_behind_the_last_line_that_arrived(string format, int arrived)
    {
        var (client, link) = await OwnerAsync();
        await app.AddAsync(Varied(link, Many));
        var whole = await client.GetStringAsync($"{Clicks}?format={format}", TestContext.Current.CancellationToken);
        var lines = whole.Split('\n').SkipLast(1).Select(line => line + "\n").ToList();
        var clicks = lines.Skip(format == "csv" ? 1 : 0).ToList();

        var rest = await client.GetStringAsync($"{Clicks}?format={format}&cursor={IdOf(clicks[arrived])}", TestContext.Current.CancellationToken);

        Assert.Equal(string.Concat(clicks.Skip(arrived + 1)), rest);
    }

    [Theory]
    [InlineData("browser=Chrome")]
    [InlineData("browser!=Chrome")]
    [InlineData("country=Germany")]
    [InlineData("language=de")]
    [InlineData("referrer=https://www.google.com/search")]
    [InlineData("visitor_type=bot&utm_source~=sum")]
    [InlineData("start_date=2026-02-18T12:10:00Z&end_date=2026-02-18T12:20:00.5Z")]
    [InlineData("short_code=nothing")]
    public async Task The_lines_are_those_clicks_that_the_same_question_counts(string question)
    {
        var (client, link) = await OwnerAsync();
        await app.AddAsync(Varied(link, 500));
        await app.AddAsync(Varied((await OwnerAsync()).Link, 50));

        var lines = await client.GetStringAsync($"{Clicks}?format=ndjson&{question}", TestContext.Current.CancellationToken);
        var stats = await client.JsonAsync($"/api/v1/stats?{question}");

        Assert.Equal(stats.GetProperty("summary").GetProperty("total_clicks").GetInt32(), lines.Count('\n'));
    }

    [Fact]
    public async Task A_visitor_has_one_name_in_all_files_of_an_owner_and_another_one_in_everybody_elses()
    {
        var (one, link) = await OwnerAsync();
        var (two, otherLink) = await OwnerAsync();
        await app.AddAsync(Some.Click(link, visitor: 7), Some.Click(link, visitor: 7), Some.Click(link, visitor: 8), Some.Click(otherLink, visitor: 7));

        var names = await VisitorsAsync(one);
        var again = await VisitorsAsync(one);
        var elsewhere = await VisitorsAsync(two);

        Assert.Equal(names, again);
        Assert.Equal(names[0], names[1]);
        Assert.NotEqual(names[0], names[2]);
        Assert.DoesNotContain(elsewhere[0], names);

        static async Task<List<string>> VisitorsAsync(HttpClient client) =>
            [.. (await client.GetStringAsync($"{Clicks}?format=ndjson", TestContext.Current.CancellationToken))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line).Text("visitor"))];
    }

    [Fact]
    public async Task No_field_of_a_csv_file_begins_like_a_formula()
    {
        var (client, link) = await OwnerAsync();
        await app.AddAsync(Varied(link, 100));

        var file = await client.GetStringAsync($"{Clicks}?format=csv", TestContext.Current.CancellationToken);

        Assert.Contains("\"\t=SUM(1,2)\"", file, StringComparison.Ordinal);
        Assert.DoesNotMatch("(^|,)\"?[=+@-]", file);
    }

    [Fact]
    public async Task Public_statistics_do_not_make_single_clicks_public()
    {
        var (_, link) = await OwnerAsync();
        var (stranger, _) = await OwnerAsync();
        var address = $"{Clicks}?format=csv&scope=anon&short_code={link.ShortCode}";

        await app.Anonymous().ProblemAsync(address, 401, "authentication_error");
        await stranger.ProblemAsync(address, 403, "forbidden");
    }

    [Theory]
    [InlineData("", "format", "Field required")]
    [InlineData("format=xlsx", "format", "Input should be 'csv' or 'ndjson'")]
    [InlineData("format=csv&cursor=12", "cursor", "Input should be the id of the last click of a download from this server")]
    public async Task What_cannot_be_understood_is_an_error_and_not_a_file(string parameters, string field, string message)
    {
        var (client, _) = await OwnerAsync();

        var problem = await client.ProblemAsync($"{Clicks}?{parameters}", 422, "validation_error");

        Assert.Equal((field, $"{field}: {message}"), (problem.Text("field"), problem.Text("error")));
    }

    private static string IdOf(string line) => line.StartsWith('{') ? JsonElement.Parse(line).Text("id") : line.Split(',')[0];

    private async Task<(HttpClient Client, Link Link)> OwnerAsync()
    {
        var owner = await app.AddUserAsync();
        return (await app.WithKeyAsync(owner), await app.AddAsync(Some.Link(owner: owner)));
    }

    /// <summary>Clicks with every kind of value, every kind of gap, and visitors who come again.</summary>
    private static IEnumerable<ClickFacts> Varied(Link link, int count)
    {
        string?[] browsers = ["Chrome", "Mobile Safari", null, "Odd, \"quoted\""];
        string?[] referrers = [null, "google.com", "intranet", "android-app://com.slack", "1.2.3.4"];
        string?[] sources = [null, "news", "=SUM(1,2)", "-1+1", "line\u00e9 \U0001F600", "@x"];
        for (var i = 0; i < count; i++)
        {
            yield return Some.Click(link, Some.Noon.AddSeconds(i).AddMilliseconds(i % 1000), visitor: i * 7919L % 611) with
            {
                Browser = browsers[i % browsers.Length],
                Os = i % 3 == 0 ? "macOS" : null,
                Device = i % 5 == 0 ? "mobile" : null,
                IsBot = i % 11 == 0,
                BotRule = i % 22 == 0 ? @"Googlebot\/" : null,
                Country = i % 2 == 0 ? "DE" : null,
                Region = i % 4 == 0 ? "Bayern" : null,
                City = i % 4 == 0 ? "München" : null,
                Language = i % 3 == 0 ? "de" : null,
                Referrer = referrers[i % referrers.Length],
                UtmSource = sources[i % sources.Length],
                UtmMedium = i % 13 == 0 ? "e,mail" : null,
                UtmCampaign = i % 17 == 0 ? "spring" : null,
                Trigger = i % 9 == 0 ? "qr" : "link",
                RedirectMs = i % 6 == 0 ? i % 100 : null,
            };
        }
    }
}
