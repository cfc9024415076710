using Microsoft.EntityFrameworkCore;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Destinations;
using Spoo.Data.Transfer.ClickFiles;
using Spoo.Data.Transfer.LinkFiles;
using Spoo.Tests.Support;

namespace Spoo.Tests.Links;

/// <summary>Where links may lead is decided by where a browser would go, whichever way that is spelled.</summary>
public sealed class DestinationTests(DestinationTests.Installation house) : IClassFixture<DestinationTests.Installation>
{
    private static readonly ShorteningOptions Strict = new() { PublicUrl = "https://sp.example", OtherHosts = ["short.example", "localhost"] };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://127.0.0.1/", "127.0.0.1")]
    [InlineData("http://127.0.0.1./", "127.0.0.1")]
    [InlineData("http://127.1/", "127.0.0.1")]
    [InlineData("http://2130706433/", "127.0.0.1")]
    [InlineData("http://0x7f000001/", "127.0.0.1")]
    [InlineData("http://0x7F.0x0.0.1/", "127.0.0.1")]
    [InlineData("http://0177.0.0.01/", "127.0.0.1")]
    [InlineData("http://192.168.257/", "192.168.1.1")]
    [InlineData("http://１２７.０.０.１/", "127.0.0.1")]
    [InlineData("http://127。0。0。1/", "127.0.0.1")]
    [InlineData("http://①②⑦.⓪.⓪.①/", "127.0.0.1")]
    [InlineData("http://127.0.0\u00AD.1/", "127.0.0.1")]
    [InlineData("http://%31%32%37.0.0.1/", "127.0.0.1")]
    [InlineData("http://127%2e0.0.1/", "127.0.0.1")]
    [InlineData("http://%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1/", "127.0.0.1")]
    [InlineData("http://name@127.0.0.1:8080/", "127.0.0.1")]
    [InlineData("http://example.com@127.0.0.1/", "127.0.0.1")]
    [InlineData("http://127.0.0.1\\@example.com/", "127.0.0.1")]
    [InlineData("http://[::1]/", "::1")]
    [InlineData("http://[::ffff:127.0.0.1]/", "127.0.0.1")]
    [InlineData("http://[::FFFF:7f00:1]:80/", "127.0.0.1")]
    [InlineData("http://[0:0:0:0:0:0:0:1]/", "::1")]
    public void An_address_is_one_however_it_is_spelled(string url, string address)
    {
        Assert.Equal((address, true), BrowserHost.OfUrl(url) is { } host ? (host.Name, host.IsAddress) : ("", false));
        Assert.NotNull(Destination.ProblemOf(url, [], Strict));
    }

    [Theory]
    [InlineData("https://example.com/127.0.0.1", "example.com")]
    [InlineData("https://Example.COM./", "example.com")]
    [InlineData("https://1.example/", "1.example")]
    [InlineData("https://0x7f.example/", "0x7f.example")]
    [InlineData("https://ｅｘａｍｐｌｅ.com/", "example.com")]
    [InlineData("https://müller.example/", "xn--mller-kva.example")]
    [InlineData("https://xn--mller-kva.example/", "xn--mller-kva.example")]
    [InlineData("https://under_score.example/", "under_score.example")]
    [InlineData("http://nas:8096/web", "nas")]
    [InlineData("https://日本語.jp/", "xn--wgv71a119e.jp")]
    public void A_name_is_none_and_may_be_led_to(string url, string name)
    {
        Assert.Equal((name, false), BrowserHost.OfUrl(url) is { } host ? (host.Name, host.IsAddress) : ("", true));
        Assert.Null(Destination.ProblemOf(url, [], Strict));
    }

    [Theory]
    [InlineData("http://127.0.0.256/")]
    [InlineData("http://1.2.3.4.5/")]
    [InlineData("http://09.0.0.1/")]
    [InlineData("http://0x100000000/")]
    [InlineData("http://exa%00mple.com/")]
    [InlineData("http://exa%2Fmple.com/")]
    [InlineData("http://example.com:99999/")]
    [InlineData("http://example.com:1x/")]
    [InlineData("http://[::1/")]
    [InlineData("http://[fe80::1%25eth0]/")]
    [InlineData("http:///127.0.0.1/")]
    [InlineData("http:127.0.0.1/")]
    [InlineData("http://./")]
    [InlineData("http://")]
    [InlineData("javascript://example.com/%0aalert(1)")]
    public void What_no_browser_opens_or_each_opens_otherwise_is_refused(string url) => Assert.NotNull(Destination.ProblemOf(url, [], Strict));

    [Theory]
    [InlineData("mailto:someone@example.com?subject=Hello", true)]
    [InlineData("MailTo:someone@example.com", true)]
    [InlineData("tel:+49-30-123456", true)]
    [InlineData("mailto:", false)]
    [InlineData("sms:+4930123456", false)]
    [InlineData("myapp://open/page", false)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("JaVaScRiPt:alert(1)", false)]
    [InlineData(" javascript:alert(1)", false)]
    [InlineData("\u0001javascript:alert(1)", false)]
    [InlineData("java\tscript:alert(1)", false)]
    [InlineData("java\nscript:alert(1)", false)]
    [InlineData("javascript\u00A0:alert(1)", false)]
    [InlineData("javascript%3Aalert(1)", false)]
    [InlineData("&#106;avascript:alert(1)", false)]
    [InlineData("ｊavascript:alert(1)", false)]
    [InlineData("vbscript:msgbox(1)", false)]
    [InlineData("data:text/html,<script>alert(1)</script>", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("view-source:javascript:alert(1)", false)]
    [InlineData("blob:https://example.com/1", false)]
    public void Addresses_of_the_web_mails_and_telephone_numbers_may_be_led_to(string url, bool mayBe) =>
        Assert.Equal(mayBe, Destination.ProblemOf(url, [], Strict) is null);

    [Fact]
    public void Further_schemes_are_the_operators_to_allow_and_some_are_nobodys()
    {
        var options = new ShorteningOptions { Schemes = "sms, myapp; javascript data" };

        Assert.Null(Destination.ProblemOf("sms:+4930123456", [], options));
        Assert.Null(Destination.ProblemOf("myapp://open/page?id=1", [], options));
        Assert.NotNull(Destination.ProblemOf("mailto:someone@example.com", [], options));
        Assert.NotNull(Destination.ProblemOf("javascript:alert(1)", [], options));
        Assert.NotNull(Destination.ProblemOf("data:text/html,1", [], options));
        Assert.True(LinkSchemes.AreAllowed("mailto tel facetime itms-apps"));
        Assert.False(LinkSchemes.AreAllowed("mailto JavaScript"));
        Assert.False(LinkSchemes.AreAllowed("mailto http://"));
    }

    [Theory]
    [InlineData("http://nas:5080/abc", true)]
    [InlineData("http://NAS.:5080/abc", true)]
    [InlineData("http://ｎａｓ:5080/abc", true)]
    [InlineData("https://sp.example/abc", true)]
    [InlineData("http://sp.example:80/abc", true)]
    [InlineData("https://short.example/abc", true)]
    [InlineData("http://localhost:5080/abc", true)]
    [InlineData("http://nas:8096/", false)]
    [InlineData("http://nas/", false)]
    [InlineData("https://sp.example:8443/", false)]
    [InlineData("http://localhost:3000/", false)]
    [InlineData("https://www.sp.example/", false)]
    public void Only_this_server_leads_back_here_and_its_neighbours_do_not(string url, bool leadsBack)
    {
        var problem = house.App.Get<NewLinks>().ProblemOf(url, "nas:5080");

        Assert.Equal(leadsBack, problem?.ToString().Contains("leads back here", StringComparison.Ordinal) == true);
        Assert.Equal(leadsBack, problem is not null);
    }

    [Fact]
    public async Task The_rule_holds_for_what_files_bring()
    {
        await using var app = new SpooApp();
        var owner = await app.AddUserAsync();
        var plan = await app.Get<LinkImport>().ReadAsync(
            new MemoryStream("long_url,short_code\nhttp://0x7f.1/,one\nhttps://example.com/,two\n"u8.ToArray()), owner.Id, null, Cancelled);
        var report = await app.Get<ClickImport>().RunAsync(
            new ClickFileToImport
            {
                Name = "a.csv",
                Content = new MemoryStream("time,short_code,long_url\n1700000000,three,http://0x7f.1/\n1700000000,four,https://example.com/\n"u8.ToArray()),
                OwnerId = owner.Id,
            },
            cancellationToken: Cancelled);

        Assert.Equal(["two"], plan.New.Select(link => link.Draft.Alias));
        Assert.Contains("IP address", Assert.Single(plan.BadLines).Reason.ToString(), StringComparison.Ordinal);
        Assert.Equal((2, "long_url"), (report.Stored, Assert.Single(report.NotUnderstood).Field));
        await using var database = app.OpenDatabase();
        Assert.Equal(
            [("four", "https://example.com/"), ("three", "")],
            (await database.Links.OrderBy(link => link.ShortCode).Select(link => new { link.ShortCode, link.LongUrl }).ToListAsync(Cancelled)).Select(link => (link.ShortCode, link.LongUrl)));
    }

    /// <summary>A server with several addresses of its own.</summary>
    public sealed class Installation : IAsyncDisposable
    {
        public SpooApp App { get; } = new() { Settings = { ["Links:PublicUrl"] = "https://sp.example", ["AllowedHosts"] = "short.example;localhost;*.example.org" } };

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}
