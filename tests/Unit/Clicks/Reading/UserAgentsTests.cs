using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Reading;
using Spoo.Tests.Clicks.Journal;
using Xunit;

namespace Spoo.Tests.Clicks.Reading;

public class UserAgentsTests
{
    private const string ChromeOnWindows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";

    private readonly UserAgents _userAgents = new();

    [Theory]
    [InlineData(ChromeOnWindows, "Chrome", "Windows", DeviceClass.Desktop)]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15", "Safari", "macOS", DeviceClass.Desktop)]
    [InlineData("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36", "Chrome", "Chrome OS", DeviceClass.Desktop)]
    [InlineData("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox", "Ubuntu", DeviceClass.Desktop)]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1", "Mobile Safari", "iOS", DeviceClass.Mobile)]
    [InlineData("Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1", "Mobile Safari", "iOS", DeviceClass.Tablet)]
    [InlineData("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36", "Chrome Mobile", "Android", DeviceClass.Mobile)]
    [InlineData("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36", "Chrome", "Android", DeviceClass.Tablet)]
    [InlineData("Mozilla/5.0 (Linux; Android 9; BRAVIA 4K GB Build/PTT1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/90.0.4430.91 Safari/537.36", "Chrome", "Android", DeviceClass.Other)]
    [InlineData("Mozilla/5.0 (Android 14; Tablet; rv:143.0) Gecko/143.0 Firefox/143.0", "Firefox Mobile", "Android", DeviceClass.Tablet)]
    [InlineData("Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", "Samsung Internet", "Android", DeviceClass.Mobile)]
    [InlineData("Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; Tablet PC 2.0; rv:11.0) like Gecko", "IE", "Windows", DeviceClass.Desktop)]
    [InlineData("Mozilla/5.0 (PlayStation 4 3.11) AppleWebKit/537.73 (KHTML, like Gecko)", null, null, DeviceClass.Other)]
    [InlineData("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot", null, DeviceClass.Other)]
    [InlineData("Nokia6100/1.0 (04.01) Profile/MIDP-1.0 Configuration/CLDC-1.0", "Nokia Services (WAP) Browser", null, DeviceClass.Mobile)]
    [InlineData("curl/8.5.0", "curl", null, DeviceClass.Other)]
    public void A_user_agent_tells_browser_system_and_device(string userAgent, string? browser, string? os, DeviceClass device) =>
        Assert.Equal(new AgentFacts(browser, os, device), _userAgents.Read(userAgent));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("hello")]
    [InlineData("\u0000\u0001\ud800")]
    public void Of_a_text_that_says_nothing_nothing_is_known(string? userAgent) =>
        Assert.Equal(AgentFacts.Unknown, _userAgents.Read(userAgent));

    [Fact]
    public void Devices_are_the_kind_that_their_screens_say_they_are()
    {
        var wrong = Fixture.Lines("real-browsers.tsv.gz").Select(line => line.Split('\t'))
            .Where(each => _userAgents.Read(each[1]).Device?.Name() != each[0])
            .Select(each => $"{each[0]}: {each[1]}");

        Assert.Equal([], wrong);
    }

    [Fact]
    public void What_stands_after_the_thousandth_character_changes_nothing()
    {
        var padded = ChromeOnWindows.PadRight(UserAgents.LongestRead);

        Assert.Equal(_userAgents.Read(ChromeOnWindows), _userAgents.Read(padded + " Edg/141.0.0.0"));
    }

    [Fact]
    public void A_user_agent_seen_before_costs_no_memory()
    {
        _userAgents.Read(ChromeOnWindows);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            _userAgents.Read(ChromeOnWindows);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Of_many_texts_only_the_recent_ones_are_remembered()
    {
        var asked = 0;
        var seen = new RecentlySeen<string>(100, text => { asked++; return text; });
        for (var i = 0; i < 10_000; i++)
        {
            Assert.Equal($"{i}", seen[$"{i}"]);
            Assert.Equal("often", seen["often"]);
            Assert.InRange(seen.Count, 1, 200);
        }

        Assert.Equal(10_001, asked);
    }
}
