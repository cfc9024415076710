using Spoo.Data.Clicks.Reading;
using Spoo.Tests.Clicks.Journal;
using Xunit;

namespace Spoo.Tests.Clicks.Reading;

public class ReferrersTests
{
    [Theory]
    [InlineData("https://www.google.com/search?q=x", "google.com")]
    [InlineData("https://www.google.com", "google.com")]
    [InlineData("https://a.b.co.uk/page", "b.co.uk")]
    [InlineData("HTTP://News.Example.COM:8080/", "example.com")]
    [InlineData("https://user:secret@example.org/", "example.org")]
    [InlineData("https://example.com.", "example.com")]
    [InlineData("https://alice.github.io/blog", "alice.github.io")]
    [InlineData("https://github.io/", "github.io")]
    [InlineData("https://t.co/abc", "t.co")]
    [InlineData("http://localhost/", "localhost")]
    [InlineData("http://intranet:8080/links", "intranet")]
    [InlineData("http://192.0.2.7/", "192.0.2.7")]
    [InlineData("http://192.0.2.7:81/", "192.0.2.7")]
    [InlineData("http://[2001:DB8:0::1]:81/", "2001:db8::1")]
    [InlineData("https://bücher.de/a", "xn--bcher-kva.de")]
    [InlineData("https://www.xn--bcher-kva.de/a", "xn--bcher-kva.de")]
    [InlineData("https://shop.食狮.公司.cn/", "xn--85x722f.xn--55qx5d.cn")]
    [InlineData("https://my_site.example.com/", "example.com")]
    [InlineData("android-app://com.google.android.gm/", "android-app://com.google.android.gm")]
    [InlineData("android-app://org.telegram.Messenger", "android-app://org.telegram.Messenger")]
    [InlineData("t.co", "t.co")]
    [InlineData("www.facebook.com/l.php", "facebook.com")]
    [InlineData("https://example.com\\@evil.org/", "example.com")]
    public void A_referrer_is_counted_by_the_domain_somebody_registered(string referrer, string domain) =>
        Assert.Equal(domain, Referrers.Read(referrer).Domain);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("direct")]
    [InlineData("(direct)")]
    [InlineData("-")]
    [InlineData("n/a")]
    [InlineData("null")]
    [InlineData("about:blank")]
    [InlineData("javascript:alert(1)")]
    [InlineData("file:///etc/passwd")]
    [InlineData("data:text/html,x")]
    [InlineData("https://")]
    [InlineData("https:///path")]
    [InlineData("http://a..b/")]
    [InlineData("http://1234/")]
    [InlineData("http://<script>/")]
    [InlineData("some words. and more")]
    [InlineData("http://[::zz]/")]
    public void No_referrer_and_garbage_are_a_direct_visit(string? referrer) => Assert.Equal(ReferrerFacts.Direct, Referrers.Read(referrer));

    [Fact]
    public void A_bare_domain_of_an_import_has_no_url() => Assert.Equal(new ReferrerFacts("t.co", null), Referrers.Read("t.co"));

    [Fact]
    public void Who_comes_from_our_own_pages_came_directly()
    {
        var own = new HashSet<string> { "go.example.com" };

        Assert.Equal(ReferrerFacts.Direct, Referrers.Read("https://Go.Example.com:8443/abc", own));
        Assert.Equal("example.com", Referrers.Read("https://www.example.com/", own).Domain);
    }

    [Fact]
    public void The_url_is_kept_whole_but_bounded_and_without_what_cannot_be_seen()
    {
        Assert.Equal("https://example.com/a?b=c", Referrers.Read(" https://example.com/\u0007a?\u202Eb=\ud800c\r\n").Url);
        Assert.Equal(Referrers.LongestUrl, Referrers.Read("https://example.com/" + new string('x', 10_000)).Url!.Length);
        Assert.Equal("https://example.com/ä😀", Referrers.Read("https://example.com/ä😀").Url);
    }

    [Theory]
    [InlineData("google.com", "google.com")]
    [InlineData("www.google.com", "google.com")]
    [InlineData("https://www.google.com/search", "google.com")]
    [InlineData("Google.com", "google.com")]
    [InlineData("bücher.de", "xn--bcher-kva.de")]
    [InlineData("localhost", "localhost")]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("[2001:db8::1]", "2001:db8::1")]
    [InlineData("Some Words", "some words")]
    [InlineData("", "")]
    public void A_filter_takes_a_url_a_host_or_a_domain(string filter, string domain) => Assert.Equal(domain, Referrers.Normalise(filter));

    [Theory]
    [InlineData("https://www.google.com/search?q=x")]
    [InlineData("http://localhost/")]
    [InlineData("http://192.0.2.7/")]
    [InlineData("http://[2001:db8::1]/")]
    [InlineData("https://bücher.de/a")]
    [InlineData("https://github.io/")]
    [InlineData("android-app://org.telegram.Messenger")]
    [InlineData("https://a.city.kobe.jp/")]
    public void Every_row_can_be_fed_back_as_a_filter(string referrer)
    {
        var domain = Referrers.Read(referrer).Domain!;

        Assert.Equal(domain, Referrers.Normalise(domain));
    }

    // The list's own project publishes these, less the ones that are about null and a leading dot.
    [Theory]
    [InlineData("com", "com")]
    [InlineData("example.com", "example.com")]
    [InlineData("b.example.com", "example.com")]
    [InlineData("a.b.example.com", "example.com")]
    [InlineData("example.example", "example.example")]
    [InlineData("a.b.example.example", "example.example")]
    [InlineData("biz", "biz")]
    [InlineData("a.b.domain.biz", "domain.biz")]
    [InlineData("uk.com", "uk.com")]
    [InlineData("a.b.example.uk.com", "example.uk.com")]
    [InlineData("c.mm", "c.mm")]
    [InlineData("b.c.mm", "b.c.mm")]
    [InlineData("a.b.c.mm", "b.c.mm")]
    [InlineData("test.jp", "test.jp")]
    [InlineData("www.test.jp", "test.jp")]
    [InlineData("ac.jp", "ac.jp")]
    [InlineData("www.test.ac.jp", "test.ac.jp")]
    [InlineData("kyoto.jp", "kyoto.jp")]
    [InlineData("test.kyoto.jp", "test.kyoto.jp")]
    [InlineData("ide.kyoto.jp", "ide.kyoto.jp")]
    [InlineData("a.b.ide.kyoto.jp", "b.ide.kyoto.jp")]
    [InlineData("c.kobe.jp", "c.kobe.jp")]
    [InlineData("a.b.c.kobe.jp", "b.c.kobe.jp")]
    [InlineData("city.kobe.jp", "city.kobe.jp")]
    [InlineData("www.city.kobe.jp", "city.kobe.jp")]
    [InlineData("ck", "ck")]
    [InlineData("test.ck", "test.ck")]
    [InlineData("a.b.test.ck", "b.test.ck")]
    [InlineData("www.ck", "www.ck")]
    [InlineData("www.www.ck", "www.ck")]
    [InlineData("test.us", "test.us")]
    [InlineData("ak.us", "ak.us")]
    [InlineData("www.test.ak.us", "test.ak.us")]
    [InlineData("www.test.k12.ak.us", "test.k12.ak.us")]
    [InlineData("食狮.com.cn", "xn--85x722f.com.cn")]
    [InlineData("www.食狮.公司.cn", "xn--85x722f.xn--55qx5d.cn")]
    [InlineData("shishi.公司.cn", "shishi.xn--55qx5d.cn")]
    [InlineData("公司.cn", "xn--55qx5d.cn")]
    [InlineData("www.食狮.中国", "xn--85x722f.xn--fiqs8s")]
    [InlineData("www.xn--85x722f.xn--fiqs8s", "xn--85x722f.xn--fiqs8s")]
    [InlineData("中国", "xn--fiqs8s")]
    public void The_public_suffix_list_is_read_as_its_project_expects(string host, string registered) =>
        Assert.Equal(registered, Referrers.Normalise(host));

    [Fact]
    public void Random_text_is_never_more_than_a_short_domain()
    {
        var random = new Random(20);
        const string Alphabet = "htps:/[]@.#?\\aZ0-_ \u0000\u202e\ud800äé公%:::...";
        for (var i = 0; i < 20_000; i++)
        {
            var text = new string(random.GetItems<char>(Alphabet, random.Next(40)));
            if (Referrers.Read("http://" + text).Domain is { } domain)
            {
                Assert.InRange(domain.Length, 1, 253);
                Assert.All(domain, c => Assert.True(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || ".-_:".Contains(c)));
                Assert.Equal(domain, Referrers.Normalise(domain));
            }
        }
    }
}
