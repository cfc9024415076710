using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Destinations;
using Spoo.Data.Links.Domains;
using Spoo.Data.Transfer;
using Spoo.Data.Transfer.LinkFiles;
using Spoo.Tests.Support;

namespace Spoo.Tests.Transfer;

/// <summary>
/// Links of other shorteners. The examples of docs/links.md are written after the exporters' sources (Shlink's ShortUrl.php and
/// ExportShortUrlsBtn.tsx, YOURLS' functions-install.php, Kutt's utils.js, Polr's migrations, Dub's links.ts, Sink's export.get.ts,
/// Chhoto's queries.rs, spoo.me's url.py) or their documentation (Bitly, Rebrandly, Short.io, TinyURL).
/// </summary>
public sealed partial class LinkFormatsTests(SpooApp app) : IClassFixture<SpooApp>
{
    private static readonly DateTimeOffset Made = new(2025, 11, 20, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Every_example_of_the_documentation_is_what_it_is_called_and_every_format_has_one()
    {
        var owner = await app.AddUserAsync();
        var documentation = await File.ReadAllTextAsync(Path.Combine(HouseRulesTests.SourceFolder("docs"), "links.md"), TestContext.Current.CancellationToken);
        var examples = Example().Matches(documentation).Select(match => (Name: match.Groups["name"].Value, File: match.Groups["file"].Value)).ToList();
        foreach (var (name, file) in examples)
        {
            var plan = await ReadAsync(owner, file);

            Assert.Equal((name, 0), (plan.Files[0].Format.Name, plan.Bad));
            var link = plan.New.Single(link => link.Draft.Alias == "abc");
            Assert.Equal(("https://example.com/", LinkStatus.Active), (link.Draft.LongUrl, link.Status));
            Assert.True(link.CreatedAt == Made || name == "chhoto");
            Assert.True(link.Draft.Title == "A title" || !file.Contains("A title", StringComparison.Ordinal));
            Assert.True(link.Draft.Tags.Contains("spring") || !file.Contains("spring", StringComparison.Ordinal));
        }

        Assert.Empty(LinkFileFormats.All.Select(format => format.Name).Except(examples.Select(example => example.Name)));
        Assert.All(LinkFileFormats.All, format => Assert.Contains($"| `{format.Name}` | {format.Title} |", documentation, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_limits_a_link_comes_along_and_one_that_had_a_password_comes_switched_off()
    {
        var owner = await app.AddUserAsync();
        var plan = await ReadAsync(owner, """
            {"items":[
              {"alias":"one","long_url":"https://example.com/1","status":"ACTIVE","expire_after":1893456000,"max_clicks":100,"private_stats":true,"block_bots":true,"password_set":true,"total_clicks":7},
              {"alias":"two","long_url":"https://example.com/2","status":"BLOCKED","password_set":false,"total_clicks":7},
              {"alias":"emoji 🐍","long_url":"https://example.com/3","status":"ACTIVE","password_set":false,"total_clicks":7}
            ],"hasNext":false}
            """);

        Assert.Equal((2, 1, 1), (plan.New.Count, plan.Bad, plan.HadPassword));
        Assert.All(plan.New, link => Assert.Equal(LinkStatus.Inactive, link.Status));
        Assert.Equal(
            (100L, DateTimeOffset.FromUnixTimeSeconds(1893456000), true, true, null),
            (plan.New[0].Draft.MaxClicks, plan.New[0].Draft.ExpireAfter, plan.New[0].Draft.PrivateStats, plan.New[0].Draft.BlockBots, plan.New[0].Draft.Password));
        Assert.Equal("spoo.me", plan.Files[0].Format.Name);
    }

    /// <summary>An archived link of every exporter that has some, and one that is not.</summary>
    [Theory]
    [InlineData("dub", "Short link,Destination URL,Clicks,Created at,Archived\nhttps://d.example/one,https://example.com/1,0,2025-11-20T10:00:00.000Z,Yes\nhttps://d.example/two,https://example.com/2,0,2025-11-20T10:00:00.000Z,No\n")]
    [InlineData("dub", """[{"key":"one","url":"https://example.com/1","shortLink":"https://d.example/one","archived":true},{"key":"two","url":"https://example.com/2","shortLink":"https://d.example/two","archived":false}]""")]
    [InlineData("bitly", """{"links":[{"id":"bit.ly/one","long_url":"https://example.com/1","custom_bitlinks":[],"archived":true},{"id":"bit.ly/two","long_url":"https://example.com/2","custom_bitlinks":[],"archived":false}]}""")]
    [InlineData("bitly", "Link,Custom Link,Date created,Title,Destination URL,Engagements,Status\nhttps://bit.ly/one,,2025-11-20T10:00:00Z,,https://example.com/1,0,Archived\nhttps://bit.ly/two,,2025-11-20T10:00:00Z,,https://example.com/2,0,Active\n")]
    [InlineData("tinyurl", """{"data":[{"alias":"one","url":"https://example.com/1","tiny_url":"https://tinyurl.com/one","archived":true},{"alias":"two","url":"https://example.com/2","tiny_url":"https://tinyurl.com/two","archived":false}]}""")]
    [InlineData("short.io", """[{"path":"one","originalURL":"https://example.com/1","archived":true},{"path":"two","originalURL":"https://example.com/2","archived":false}]""")]
    [InlineData("spoo.me", """{"items":[{"alias":"one","long_url":"https://example.com/1","total_clicks":0,"archived":true},{"alias":"two","long_url":"https://example.com/2","total_clicks":0}]}""")]
    [InlineData("csv", "short_code,long_url,archived\none,https://example.com/1,yes\ntwo,https://example.com/2,\n")]
    public async Task What_was_archived_is_archived_here(string format, string file)
    {
        var plan = await ReadAsync(await app.AddUserAsync(), file);

        Assert.Equal((format, 0, 1), (plan.Files[0].Format.Name, plan.Bad, plan.Archived));
        Assert.Equal([("one", true, LinkStatus.Active), ("two", false, LinkStatus.Active)], plan.New.Select(link => (link.Draft.Alias!, link.Draft.IsArchived, link.Status)));
        Assert.Empty(plan.UnknownColumns);
    }

    [Fact]
    public async Task What_else_a_program_says_of_a_link_comes_along_or_is_named()
    {
        var owner = await app.AddUserAsync();
        var dub = await ReadAsync(owner, """[{"key":"a","url":"https://example.com/","shortLink":"https://d.example/a","domain":"d.example","expiredUrl":"https://example.com/over","comments":"a note","ios":"https://apps.example/ios","android":"market://details","geo":{"DE":"https://example.de/","AT":"https://example.de/"},"trackConversion":false,"leads":3,"webhookIds":[{"id":1}]}]""");
        var shortIo = await ReadAsync(owner, """[{"path":"a","originalURL":"https://example.com/","iphoneURL":"https://apps.example/ios","redirectType":"301","skipQS":false,"expiredURL":"https://example.com/over","cloaking":true,"splitURL":null}]""");
        var odd = await ReadAsync(owner, """[{"path":"a","originalURL":"https://example.com/","redirectType":"305","expiredURL":"app://over"}]""");
        var shlink = await ReadAsync(owner, """[{"shortCode":"a","longUrl":"https://example.com/","dateCreated":"2025-11-20T10:00:00Z","meta":{"validSince":"2025-11-21T10:00:00Z","validUntil":null,"maxVisits":null},"crawlable":true}]""");

        var link = Assert.Single(dub.New).Draft;
        Assert.Equal(("https://example.com/over", "a note", 0), (link.ExpiredUrl, link.Note, dub.Bad));
        Assert.Equal(["https://apps.example/ios iOS ", "https://example.de/  DE,AT"], link.Targets!.All!.Select(rule => $"{rule.Url} {string.Join(',', rule.Systems)} {string.Join(',', rule.Countries)}"));
        Assert.Equal(["android", "leads", "webhookIds"], dub.UnknownColumns);
        link = Assert.Single(shortIo.New).Draft;
        Assert.Equal((301, true, "https://example.com/over", "https://apps.example/ios"), (link.RedirectStatus, link.PassQuery, link.ExpiredUrl, Assert.Single(link.Targets!.All!).Url));
        Assert.Equal(["cloaking"], shortIo.UnknownColumns);
        link = Assert.Single(odd.New).Draft;
        Assert.Equal((null, null), (link.RedirectStatus, link.ExpiredUrl));
        Assert.Equal(["redirectType", "expiredURL"], odd.UnknownColumns);
        Assert.Equal(Made.AddDays(1), Assert.Single(shlink.New).Draft.StartsAt);
        Assert.Equal(["crawlable"], shlink.UnknownColumns);
    }

    [Theory]
    [InlineData("[null]")]
    [InlineData("[{\"url\":null}]")]
    [InlineData("{\"url\":1}")]
    public async Task Rules_that_are_none_make_a_bad_line(string rules)
    {
        var plan = await ReadAsync(await app.AddUserAsync(), $$"""{"short_code":"a","long_url":"https://example.com/","redirect_rules":{{rules}}}""" + "\n" + """{"short_code":"b","long_url":"https://example.com/","redirect_rules":[{"url":"https://example.com/b"}]}""");

        Assert.Equal(("b", 1), (Assert.Single(plan.New).Draft.Alias, plan.Bad));
    }

    [Fact]
    public async Task Every_custom_link_of_Bitly_becomes_one_beside_the_first()
    {
        var plan = await ReadAsync(await app.AddUserAsync(), """
            {"links":[{"id":"bit.ly/3abc","link":"https://bit.ly/3abc","custom_bitlinks":["https://bit.ly/sale","https://go.example/spring"],"long_url":"https://example.com/","title":"t","tags":["a","b"],"created_at":"2025-11-20T10:00:00+0000"}]}
            """);

        Assert.Equal(["3abc", "sale", "spring"], plan.New.Select(link => link.Draft.Alias));
        Assert.All(plan.New, link => Assert.Equal((Made, "https://example.com/"), (link.CreatedAt, link.Draft.LongUrl)));
        Assert.Equal(["a b bit.ly", "a b bit.ly", "a b go.example"], plan.New.Select(link => string.Join(' ', link.Draft.Tags)));
    }

    [Fact]
    public async Task Links_that_YOURLS_numbers_are_read_one_by_one()
    {
        var plan = await ReadAsync(await app.AddUserAsync(), """
            {"statusCode":"200","links":{"link_1":{"shorturl":"https:\/\/y.example\/abc","url":"https:\/\/example.com\/","title":"{t}","timestamp":"2025-11-20 10:00:00","ip":"203.0.113.7","clicks":"7"},
            "link_2":{"shorturl":"https:\/\/y.example\/def","url":"https:\/\/example.com\/2","title":"t","timestamp":"2025-11-20 10:00:00","ip":"203.0.113.7","clicks":"0"}},
            "stats":{"total_links":"2","total_clicks":"7"},"message":"success"}
            """);

        Assert.Equal(("yourls", 0), (plan.Files[0].Format.Name, plan.Bad));
        Assert.Equal([("abc", Made), ("def", Made)], plan.New.Select(link => (link.Draft.Alias, link.CreatedAt)));
    }

    [Fact]
    public async Task A_code_that_is_written_as_in_an_address_is_read_as_it_is()
    {
        var plan = await ReadAsync(await app.AddUserAsync(), "createdAt,domain,shortCode,shortUrl,longUrl,title,tags,visits\n2025-11-20T10:00:00Z,s.example,caf%C3%A9,https://s.example/caf%C3%A9,https://example.com/,,,0\n");

        Assert.Equal(("shlink", "café"), (plan.Files[0].Format.Name, Assert.Single(plan.New).Draft.Alias));
        Assert.Equal(["s.example"], plan.New[0].Draft.Tags);
    }

    [Fact]
    public async Task A_link_of_another_host_goes_to_that_domain_where_it_is_one_here_and_is_tagged_with_it_elsewhere()
    {
        var administrator = await app.AddAdministratorAsync();
        var host = Some.Unique("links") + ".example.com";
        Assert.IsType<DomainOutcome.Done>(await app.Get<DomainService>().RegisterAsync(host, Viewer.User(administrator.Id), _ => false, TestContext.Current.CancellationToken));

        var plan = await ReadAsync(administrator, $"Short link;Destination;Tags\n{host}/abc;https://example.com/;\nhttps://Bit.ly/abc;https://example.com/;spring\nabd;https://example.com/;\n");

        Assert.Equal([(host, ""), (null, "spring bit.ly"), (null, "")], plan.New.Select(link => (link.Draft.Domain, string.Join(' ', link.Draft.Tags))));
        Assert.Equal(["abc", "abc", "abd"], plan.New.Select(link => link.Draft.Alias));
    }

    [Theory]
    [InlineData("Destination,Ending\nhttps://example.com/1,abc\nhttps://example.com/2,def\n", "the values of 'Ending' look like it")]
    [InlineData("Destination;Shortened\nhttps://example.com/1;https://go.example/abc\n", "the values of 'Shortened' look like it")]
    [InlineData("sep=;\nDestination;Shortened\nhttps://example.com/1;go.example/abc\n", "the values of 'Shortened' look like it")]
    public async Task No_code_is_made_up_where_a_column_looks_like_codes(string file, string question)
    {
        var owner = await app.AddUserAsync();
        var asked = await Assert.ThrowsAsync<ClickFileException>(() => ReadAsync(owner, file));
        var column = file.Contains("Ending", StringComparison.Ordinal) ? "ending" : "shortened";
        var told = await ReadAsync(owner, file, new LinkFileOptions { Map = new Dictionary<string, LinkColumn?> { [column] = LinkColumn.ShortCode } });
        var random = await ReadAsync(owner, file, new LinkFileOptions { Map = new Dictionary<string, LinkColumn?> { [column] = null } });

        Assert.Contains(question, asked.Message, StringComparison.Ordinal);
        Assert.Equal("abc", told.New[0].Draft.Alias);
        Assert.Null(random.New[0].Draft.Alias);
        Assert.Empty(random.UnknownColumns);
    }

    [Fact]
    public async Task Words_that_come_again_are_no_codes()
    {
        var plan = await ReadAsync(await app.AddUserAsync(), "long_url,team\nhttps://example.com/1,sales\nhttps://example.com/2,sales\n");

        Assert.Equal(2, plan.New.Count);
        Assert.Equal(["team"], plan.UnknownColumns);
    }

    [Fact]
    public async Task Files_of_spreadsheets_are_read_in_their_encoding_and_with_their_dates()
    {
        var owner = await app.AddUserAsync();
        const string File = "sep=;\rKurz;Short code;Long URL;Title;Created\rx y;abc;https://example.com/;Köln;20/11/2025 10:00\rx z;abd;https://example.com/;Köln;03/04/2025\r";
        var plan = await ReadAsync(owner, CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetBytes(File), LinkFileOptions.None);
        var told = await ReadAsync(owner, Encoding.Unicode.GetBytes(File), new LinkFileOptions { Dates = DateOrder.MonthDay });

        Assert.Equal(("Windows-1252", "Köln", Made), (plan.Files[0].Encoding, plan.New[0].Draft.Title, plan.New[0].CreatedAt));
        Assert.Contains("may be two different days", Assert.Single(plan.BadLines).Reason.ToString(), StringComparison.Ordinal);
        Assert.Equal(("UTF-16", new DateTimeOffset(2025, 3, 4, 0, 0, 0, TimeSpan.Zero)), (told.Files[0].Encoding, told.New[0].CreatedAt));
    }

    [Fact]
    public async Task All_files_of_an_archive_are_read()
    {
        using var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var page in new[] { 1, 2 })
            {
                using var entry = archive.CreateEntry($"page{page}.json").Open();
                entry.Write(Encoding.UTF8.GetBytes($$"""{"data":[{"address":"code{{page}}","target":"https://example.com/","visit_count":1}]}"""));
            }
        }

        var plan = await ReadAsync(await app.AddUserAsync(), packed.ToArray(), LinkFileOptions.None);

        Assert.Equal(["code1", "code2"], plan.New.Select(link => link.Draft.Alias));
    }

    [GeneratedRegex("^```text (?<name>[a-z0-9.-]+)\\n(?<file>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Example();

    private Task<LinkFilePlan> ReadAsync(Spoo.Data.Accounts.SpooUser owner, string file, LinkFileOptions? options = null) =>
        ReadAsync(owner, Encoding.UTF8.GetBytes(file), options ?? LinkFileOptions.None);

    private Task<LinkFilePlan> ReadAsync(Spoo.Data.Accounts.SpooUser owner, byte[] file, LinkFileOptions options) =>
        app.Get<LinkImport>().ReadAsync(new MemoryStream(file), owner.Id, null, options, TestContext.Current.CancellationToken);
}
