using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Domains;
using Spoo.Data.Links.Targets;
using Spoo.Data.Transfer;
using Spoo.Data.Transfer.ClickFiles;
using Spoo.Data.Transfer.Imports;
using Spoo.Data.Transfer.LinkFiles;
using Spoo.Tests.Support;

namespace Spoo.Tests.Transfer;

[OnEveryDatabase]
public sealed class LinkImportTests(SpooApp app) : IClassFixture<SpooApp>
{
    [Fact]
    public async Task What_is_exported_is_imported_as_the_same_links()
    {
        var (from, to) = (await app.AddUserAsync(), await app.AddUserAsync());
        var link = Some.Link(owner: from, privateStats: true, longUrl: "https://example.com/a,\"b\"?x=1", createdAt: Some.Noon.AddYears(-1));
        (link.MaxClicks, link.ExpireAfter, link.BlockBots, link.PassQuery, link.Status) = (10, Some.Noon.AddYears(50), true, true, LinkStatus.Inactive);
        (link.Title, link.Note) = ("Spring sale", "Ask Ann, \"before\" May\nand again in June");
        (link.PassPath, link.RedirectStatus, link.ExpiredUrl) = (true, 307, "https://example.com/over");
        (link.StartsAt, link.PreStartUrl, link.ArchivedAt) = (Some.Noon.AddYears(40), "https://example.com/soon", Some.Noon);
        link.Rules = TargetRules.Of([new TargetRule { Url = "https://example.com/de", Countries = ["DE", "AT"], From = Some.Noon }, new TargetRule { Name = "=B", Url = "https://example.com/b", Weight = 30 }]);
        link.Preview = new LinkPreview { Title = "Look, \"here\"", Image = "https://example.com/og.png", Color = "#1A2B3C" };
        link.Tags.AddRange([new LinkTag { OwnerId = from.Id, Name = "=sum" }, new LinkTag { OwnerId = from.Id, Name = "mail" }]);
        await app.AddAsync(link);
        var file = await (await app.SignedInAsync(from)).GetStringAsync("/links/export.csv", TestContext.Current.CancellationToken);
        await app.Get<LinkService>().DeleteAsync(link.PublicId, Viewer.User(from.Id), TestContext.Current.CancellationToken);

        var plan = await ReadAsync(to, file);
        await app.Get<LinkImport>().StoreAsync(plan, to.Id, null, TestContext.Current.CancellationToken);

        Assert.Contains("\"'=sum, mail\"", file, StringComparison.Ordinal);
        Assert.Empty(plan.BadLines);
        Assert.Empty(plan.UnknownColumns);
        await using var database = app.OpenDatabase();
        var made = await database.Links.Include(row => row.Tags).SingleAsync(row => row.ShortCode == link.ShortCode, TestContext.Current.CancellationToken);
        Assert.Equal(
            (to.Id, link.LongUrl, link.Title, link.Note, link.CreatedAt, link.MaxClicks, link.ExpireAfter, link.BlockBots, link.PassQuery, link.PrivateStats, link.Status),
            (made.OwnerId, made.LongUrl, made.Title, made.Note, made.CreatedAt, made.MaxClicks, made.ExpireAfter, made.BlockBots, made.PassQuery, made.PrivateStats, made.Status));
        Assert.Equal((link.PassPath, link.RedirectStatus, link.ExpiredUrl, link.Rules, link.Preview), (made.PassPath, made.RedirectStatus, made.ExpiredUrl, made.Rules, made.Preview));
        Assert.Equal((link.StartsAt, link.PreStartUrl, true), (made.StartsAt, made.PreStartUrl, made.ArchivedAt is not null));
        Assert.Empty((await app.Get<LinkList>().SelectAsync(new LinkSelection { OwnerId = to.Id, IsArchived = false }, TestContext.Current.CancellationToken)).Links);
        Assert.Equal(["=sum", "mail"], made.Tags.Select(tag => tag.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Ask Ann\nbefore May")]
    [InlineData("Ask Ann\r\nbefore May")]
    [InlineData("Ask Ann\n\n=before")]
    public async Task A_note_of_several_lines_stays_one_note(string note)
    {
        var (from, to) = (await app.AddUserAsync(), await app.AddUserAsync());
        var link = Some.Link(owner: from);
        link.Note = note;
        await app.AddAsync(link);
        var file = await (await app.SignedInAsync(from)).GetStringAsync("/links/export.csv", TestContext.Current.CancellationToken);
        await app.Get<LinkService>().DeleteAsync(link.PublicId, Viewer.User(from.Id), TestContext.Current.CancellationToken);

        var plan = await ReadAsync(to, file);
        await app.Get<LinkImport>().StoreAsync(plan, to.Id, null, TestContext.Current.CancellationToken);

        Assert.Empty(plan.BadLines);
        await using var database = app.OpenDatabase();
        Assert.Equal(note, (await database.Links.SingleAsync(row => row.ShortCode == link.ShortCode, TestContext.Current.CancellationToken)).Note);
    }

    [Fact]
    public async Task Whether_codes_are_there_is_looked_up_and_not_searched_for_among_all_links()
    {
        Assert.SkipUnless(SuiteDatabase.Kind == DatabaseKind.Sqlite, "It reads SQLite's words about its plan.");
        var (ofLinks, ofClicks) = (new QueryPlans("\"FoldedCode\" IN ("), new QueryPlans("\"ShortCode\" IN ("));
        await using var watched = new SpooApp { Register = services => services.AddSingleton<IInterceptor>(ofLinks).AddSingleton<IInterceptor>(ofClicks) };
        var owner = await watched.AddUserAsync();
        const string Links = "short_code,long_url,imported_clicks\none,https://example.com/,3\ntwo,https://example.com/,4\n";

        for (var time = 0; time < 2; time++)
        {
            var plan = await watched.Get<LinkImport>().ReadAsync(
                new MemoryStream(Encoding.UTF8.GetBytes(Links)), owner.Id, null, TestContext.Current.CancellationToken);
            await watched.Get<LinkImport>().StoreAsync(plan, owner.Id, null, TestContext.Current.CancellationToken);
        }

        await watched.Get<ClickImport>().RunAsync(
            new ClickFileToImport
            {
                Name = "clicks.csv",
                Content = new MemoryStream(Encoding.UTF8.GetBytes("time,short_code\n2025-01-01,one\n2025-01-01,two\n2025-01-01,three\n")),
                OwnerId = owner.Id,
            },
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((3, 1), (ofLinks.Seen.Count, ofClicks.Seen.Count));
        Assert.All(ofLinks.Seen, plan => Assert.Contains("USING INDEX IX_Links_DomainId_FoldedCode (DomainId=? AND FoldedCode=?)", plan, StringComparison.Ordinal));
        Assert.All(ofClicks.Seen, plan => Assert.Contains("USING INDEX IX_Links_DomainId_ShortCode (DomainId=? AND ShortCode=?)", plan, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Links_come_back_to_the_domain_they_were_on_where_the_account_may_use_it()
    {
        var (administrator, owner) = (await app.AddAdministratorAsync(), await app.AddUserAsync());
        var host = Some.Unique("links") + ".example.com";
        Assert.IsType<DomainOutcome.Done>(await app.Get<DomainService>().RegisterAsync(host, Viewer.User(administrator.Id), _ => false, TestContext.Current.CancellationToken));
        var code = Some.Unique("code");
        var made = Assert.IsType<LinkOutcome.Done>(await app.Get<LinkService>().CreateAsync(
            new LinkDraft { LongUrl = "https://example.com/", Alias = code, Domain = host }, Viewer.User(administrator.Id), null, TestContext.Current.CancellationToken)).Link;
        var file = await (await app.SignedInAsync(administrator)).GetStringAsync("/links/export.csv", TestContext.Current.CancellationToken);

        Assert.Equal(1, (await ReadAsync(administrator, file)).AlreadyThere);
        var refused = await ReadAsync(owner, file);
        Assert.Equal($"domain '{host}' is none on which this account may put links", Assert.Single(refused.BadLines).Reason.ToString());
        await app.Get<LinkService>().DeleteAsync(made.PublicId, Viewer.User(administrator.Id), TestContext.Current.CancellationToken);
        await app.AddAsync(Some.Link(code, owner));
        Assert.Equal(1, (await app.Get<LinkImport>().StoreAsync(await ReadAsync(administrator, file), administrator.Id, null, TestContext.Current.CancellationToken)).Links);

        await using var database = app.OpenDatabase();
        var back = await database.Links.SingleAsync(link => link.ShortCode == code && link.OwnerId == administrator.Id, TestContext.Current.CancellationToken);
        Assert.Equal((made.DomainId, host), (back.DomainId, back.DomainHost));
    }

    [Fact]
    public async Task Every_bad_line_is_told_with_its_reason_and_the_good_ones_are_kept()
    {
        var (owner, other) = (await app.AddUserAsync(), await app.AddUserAsync());
        var (mine, theirs) = (await app.AddAsync(Some.Link(owner: owner)), await app.AddAsync(Some.Link(owner: other)));

        var plan = await ReadAsync(owner, $"""
            alias;long_url;tags;max_clicks;expire_after;status;password;colour
            good1;https://example.com/1;a, B;;;;;red
            ;https://example.com/2;;5;2031-01-01;inactive;;
            {mine.ShortCode};https://example.com/3;;;;;;
            {theirs.ShortCode};https://example.com/4;;;;;;
            good1;https://example.com/5;;;;;;
            ;not an address;;;;;;
            ;;;;;;;
            a b;https://example.com/7;;;;;;
            dashboard;https://example.com/7;;;;;;
            ;https://example.com/8;;none;;;;
            ;https://example.com/9;;;tomorrow;;;
            ;https://example.com/10;;;;BLOCKED;;
            ;https://example.com/11;;;;;short;
            ;https://example.com/12;;
            """);

        Assert.Equal((2, 1), (plan.New.Count, plan.AlreadyThere));
        Assert.Equal(["colour"], plan.UnknownColumns);
        Assert.Equal([5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], plan.BadLines.Select(line => (int)line.Line));
        Assert.Equal(plan.Bad, plan.BadLines.Count);
        string[] reasons = ["belongs to somebody else", "line 2 has", "long_url", "no long_url", "short_code", "own addresses", "max_clicks", "expire_after", "status", "password", "4 fields"];
        Assert.All(plan.BadLines.Zip(reasons), line => Assert.Contains(line.Second, line.First.Reason.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("redirect_rules", """[{""url"":""https://example.com/"",""countries"":[""ZZ""]}]""", "country code")]
    [InlineData("redirect_rules", """[{""url"":""javascript:alert(1)"",""weight"":1}]""", "not allowed")]
    [InlineData("redirect_rules", "[{", "JSON")]
    [InlineData("redirect_status", "303", "307")]
    [InlineData("expired_redirect_url", "data:text/html,1", "not allowed")]
    [InlineData("meta_tags", "{\"\"title\"\":\"\"\"\"}", "meta_tags")]
    public async Task What_a_link_cannot_do_is_told_with_its_line(string column, string value, string reason)
    {
        var plan = await ReadAsync(await app.AddUserAsync(), $"long_url,{column}\nhttps://example.com/1,\"{value}\"\n");

        Assert.Contains(reason, Assert.Single(plan.BadLines).Reason.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Importing_twice_adds_nothing_and_a_code_taken_meanwhile_is_left_out()
    {
        var (owner, other) = (await app.AddUserAsync(), await app.AddUserAsync());
        var (one, two) = (Some.Unique("one"), Some.Unique("two"));
        var file = $"short_code,long_url\n{one},https://example.com/1\n{two},https://example.com/2\n";
        var plan = await ReadAsync(owner, file);
        await app.AddAsync(Some.Link(one, other));

        var made = await app.Get<LinkImport>().StoreAsync(plan, owner.Id, null, TestContext.Current.CancellationToken);
        var again = await ReadAsync(owner, file);

        Assert.Equal(1, made.Links);
        Assert.Equal((0, 1, 1), (again.New.Count, again.AlreadyThere, again.Bad));
    }

    [Theory]
    [InlineData(typeof(Link), nameof(Link.Id))]
    [InlineData(typeof(LinkTag), null)]
    public async Task What_is_imported_fills_every_column_that_the_model_has(Type entity, string? madeByTheDatabase)
    {
        await using var database = app.OpenDatabase();

        var columns = entity == typeof(Link) ? LinkRows.Links.Columns : LinkRows.Tags.Columns;

        var properties = database.Model.FindEntityType(entity)!.GetProperties().Select(property => property.GetColumnName());
        Assert.Equal(properties.Where(name => name != madeByTheDatabase).Order(), columns.Order());
    }

    [Fact]
    public async Task A_file_of_more_links_than_one_transaction_has_is_imported_in_full()
    {
        var owner = await app.AddUserAsync();
        var prefix = Some.Unique("m");
        var file = string.Join('\n', Enumerable.Range(0, 5_500).Select(i => $"{(i % 2 == 0 ? $"{prefix}-{i}" : "")},https://example.com/{i},\"all, t{i % 7}\"").Prepend("short_code,long_url,tags"));
        var heard = new List<int>();

        var made = await app.Get<LinkImport>().StoreAsync(await ReadAsync(owner, file), owner.Id, new Hearing(heard), TestContext.Current.CancellationToken);

        Assert.Equal(5_500, made.Links);
        Assert.Equal([5_000, 5_500], heard);
        var tags = await app.Get<LinkList>().TagsAsync(owner.Id, TestContext.Current.CancellationToken);
        Assert.Equal(new TagCount("all", 5_500), tags[0]);
        Assert.Equal(Enumerable.Range(0, 7).Select(tag => new TagCount($"t{tag}", Enumerable.Range(0, 5_500).Count(i => i % 7 == tag))), tags.Skip(1));
        await using var database = app.OpenDatabase();
        var link = await database.Links.Include(link => link.Tags).SingleAsync(link => link.ShortCode == prefix + "-5400", TestContext.Current.CancellationToken);
        Assert.Equal(["all", "t3"], link.Tags.Select(tag => tag.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("", "The file is empty")]
    [InlineData("short_code\nx\n", "no column 'long_url'")]
    public async Task A_file_that_is_no_list_of_links_is_refused_as_a_whole(string file, string message)
    {
        var owner = await app.AddUserAsync();

        var exception = await Assert.ThrowsAsync<ClickFileException>(() => ReadAsync(owner, file));

        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_has_what_the_filters_leave_and_nothing_of_others()
    {
        var (owner, other) = (await app.AddUserAsync(), await app.AddUserAsync());
        var (kept, gone, theirs) = (await app.AddAsync(Some.Link(owner: owner, longUrl: "https://example.com/spring")), await app.AddAsync(Some.Link(owner: owner)), await app.AddAsync(Some.Link(owner: other, longUrl: "https://example.com/spring")));

        var answer = await (await app.SignedInAsync(owner)).GetAsync("/links/export.csv?q=SPRING", TestContext.Current.CancellationToken);

        var file = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, "text/csv"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Contains(kept.ShortCode, file, StringComparison.Ordinal);
        Assert.DoesNotContain(gone.ShortCode + ",", file, StringComparison.Ordinal);
        Assert.DoesNotContain(theirs.ShortCode + ",", file, StringComparison.Ordinal);
    }

    private sealed class Hearing(List<int> heard) : IProgress<int>
    {
        public void Report(int value) => heard.Add(value);
    }

    private Task<LinkFilePlan> ReadAsync(SpooUser owner, string file) =>
        app.Get<LinkImport>().ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(file)), owner.Id, null, TestContext.Current.CancellationToken);
}
