using System.Text;
using Microsoft.EntityFrameworkCore;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Links.Domains;
using Spoo.Data.Transfer;
using Spoo.Data.Transfer.ClickFiles;
using Spoo.Tests.Support;

namespace Spoo.Tests.Transfer;

/// <summary>Files that name links by their whole addresses: the host says which of several links with one code is meant.</summary>
[OnEveryDatabase]
public sealed class ImportHostsTests : IAsyncDisposable
{
    private readonly SpooApp _app = new() { Settings = { ["Links:PublicUrl"] = "https://own.example" } };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    public static TheoryData<string, string> Files => new()
    {
        { "csv", "time,link\n2015-05-17T10:05:03Z,{0}/abc\n" },
        { "ndjson", "{{\"time\":\"2015-05-17T10:05:03Z\",\"short_url\":\"https://{0}/abc?utm_source=mail\"}}\n" },
        { "access-log", "{0}:443 203.0.113.7 - - [17/May/2015:10:05:03 +0000] \"GET /abc HTTP/1.1\" 302 5 \"-\" \"-\"\n" },
        { "caddy", "{{\"level\":\"info\",\"ts\":1431857103.52,\"logger\":\"http.log.access\",\"request\":{{\"remote_ip\":\"203.0.113.7\",\"method\":\"GET\",\"host\":\"{0}:8080\",\"uri\":\"/abc\"}},\"status\":302}}\n" },
        { "shlink", "Date,\"Potential bot\",\"User agent\",Referer,Country,Region,City,\"Visited URL\",\"Redirect URL\",Type\n2015-05-17T12:05:03+02:00,,x,,,,,https://{0}/abc,https://example.com/,valid_short_url\n" },
        { "dub", "Date,Link,Referrer,Country,Device\n2015-05-17T10:05:03.000Z,{0}/abc,(direct),Germany,Desktop\n" },
        { "totals", "link,day,clicks\nhttps://{0}/abc,2015-05-17,1\n" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_click_belongs_to_the_link_at_the_host_that_its_address_names(string format, string line)
    {
        var (owner, other) = (await _app.AddUserAsync(), await _app.AddUserAsync());
        await AddAsync("mine.example", owner.Id);
        await AddAsync("theirs.example", other.Id);
        var reports = new List<ImportReport>();
        foreach (var host in (string[])["MINE.example", "own.example", "theirs.example", "elsewhere.example"])
        {
            reports.Add(await ImportAsync(owner.Id, host, string.Format(null, line, host)));
        }

        var again = await ImportAsync(owner.Id, "again", string.Format(null, line, "mine.example"));
        await using var database = _app.OpenDatabase();
        var links = await database.Links.Where(link => link.OwnerId == owner.Id)
            .Select(link => new { link.DomainHost, link.ShortCode, Clicks = link.TotalClicks + link.ImportedClicks }).ToListAsync(Cancelled);

        // What is at a host that is none here is at the server's own, and the same line there is the same click.
        Assert.All(reports, report => Assert.Equal((format, 0L), (report.Files[0].Format.Name, report.Bad)));
        Assert.Equal([1L, 1L, 0L, 0L], reports.Select(report => report.Stored + report.Totals.Counted));
        Assert.Equal(0, again.Stored + again.Totals.Counted);
        Assert.Equal([[], [], ["theirs.example"], ["elsewhere.example"]], reports.Select(report => report.OtherHosts.Keys.ToArray()));
        Assert.Equal([(null, "abc", 1L), ("mine.example", "abc", 1L)], links.OrderBy(link => link.DomainHost).Select(link => (link.DomainHost, link.ShortCode, link.Clicks)));
    }

    [Fact]
    public async Task Clicks_that_came_before_their_links_moved_to_the_domain_do_not_come_again()
    {
        const string File = "time,link\n2015-05-17T10:05:03Z,go.example/abc\n2015-05-17T10:06:00Z,go.example/abc\n";
        var owner = await _app.AddUserAsync();
        await ImportAsync(owner.Id, "before", File);
        await AddAsync("go.example", owner.Id);
        await using var database = _app.OpenDatabase();
        var link = await database.Links.SingleAsync(Cancelled);
        Assert.IsType<LinkOutcome.Done>(await _app.Get<LinkService>().EditAsync(link.PublicId, new LinkEdit { Domain = new("go.example") }, Viewer.User(owner.Id), null, Cancelled));

        var after = await ImportAsync(owner.Id, "after", File + "2015-05-18T10:00:00Z,go.example/abc\n");

        Assert.Equal((1L, 2L, 0L), (after.Stored, after.AlreadyThere, after.LinksCreated));
    }

    private async Task<ImportReport> ImportAsync(string owner, string name, string text) => await _app.Get<ClickImport>().RunAsync(
        new ClickFileToImport { Name = name, Content = new MemoryStream(Encoding.UTF8.GetBytes(text)), OwnerId = owner }, null, Cancelled);

    private async Task AddAsync(string host, string ownerId)
    {
        await using var database = _app.OpenDatabase();
        database.Domains.Add(new Domain { PublicId = PublicId.New(Some.Noon), Host = host, OwnerId = ownerId, State = DomainState.Active, CreatedAt = Some.Noon });
        await database.SaveChangesAsync(Cancelled);
        await _app.Get<KnownDomains>().ReloadAsync(Cancelled);
    }
}
