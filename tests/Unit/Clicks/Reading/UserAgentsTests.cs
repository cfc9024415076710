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
    [InlineData("Mozilla/5.0 (Linux; Android 13; Robot) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Mobile Safari/537.36", "Chrome Mobile", "Android", DeviceClass.Mobile)]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 musical_ly_34.4.0 JsSdk/2.0 NetType/WIFI Channel/App Store ByteLocale/en Region/US isDarkMode/0 WKWebView/1 RevealType/Dialog", "TikTok", "iOS", DeviceClass.Mobile)]
    [InlineData("Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/124.0.6367.82 Mobile Safari/537.36 trill_2023403040 JsSdk/1.0 NetType/WIFI Channel/googleplay AppName/trill app_version/34.3.4 ByteLocale/en ByteFullLocale/en Region/DE AppId/1180 Spark/1.5.4.4-bugfix AppVersion/34.3.4 BytedanceWebview/d8a21c6", "TikTok", "Android", DeviceClass.Mobile)]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/21E236 [LinkedInApp]/9.30.2234", "LinkedIn", "iOS", DeviceClass.Mobile)]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.49(0x18003130) NetType/WIFI Language/zh_CN", "WeChat", "iOS", DeviceClass.Mobile)]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/107.0.0.0 Safari/537.36 NetType/WIFI MicroMessenger/7.0.20.1781(0x6700143B) WindowsWechat(0x63090a13) XWEB/9129 Flue", "WeChat", "Windows", DeviceClass.Desktop)]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Reddit/2024.16.0", "Reddit", "iOS", DeviceClass.Mobile)]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15 Ddg/17.4", "DuckDuckGo", "macOS", DeviceClass.Desktop)]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36 Edg/124.0.0.0 Ddg/124.0.0.0", "DuckDuckGo", "Windows", DeviceClass.Desktop)]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36 (Ecosia windows@124.0.6367.82)", "Ecosia", "Windows", DeviceClass.Desktop)]
    [InlineData("Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1.6.1 Mobile HuaweiBrowser/5.0.4.300", "Huawei Browser", "HarmonyOS", DeviceClass.Mobile)]
    [InlineData("Mozilla/5.0 (Linux; Android 12; HarmonyOS; NOH-AN00; HMSCore 6.13.0.301) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/99.0.4844.88 HuaweiBrowser/14.0.5.302 Mobile Safari/537.36", "Huawei Browser", "HarmonyOS", DeviceClass.Mobile)]
    [InlineData("Mozilla/5.0 (Tablet; OpenHarmony 4.1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1.6.1", "Chrome", "HarmonyOS", DeviceClass.Tablet)]
    [InlineData("Mozilla/5.0 (PC; OpenHarmony 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1.6.1 HuaweiBrowser/5.0.4.300", "Huawei Browser", "HarmonyOS", DeviceClass.Desktop)]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Safari/537.36 OPR/108.0.0.0 (Edition GX-CN)", "Opera GX", "Windows", DeviceClass.Desktop)]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1 OPX/2.4.4", "Opera GX", "iOS", DeviceClass.Mobile)]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/21E236 Barcelona 330.0.0.23.108 (iPhone15,3; iOS 17_4_1; en_US; en; scale=3.00)", "Threads", "iOS", DeviceClass.Mobile)]
    [InlineData("Mozilla/5.0 (compatible; Vigil/1.0; +http://vigil-app.com/bot.html)", "Vigil", null, DeviceClass.Other)]
    [InlineData("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0; +https://openai.com/bot", "ChatGPT-User", null, DeviceClass.Other)]
    [InlineData("Synapse (bot; +https://github.com/matrix-org/synapse)", null, null, DeviceClass.Other)]
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
    public void No_machine_is_called_by_a_piece_of_an_address()
    {
        var broken = Fixture.Lines("crawlers.tsv.gz").Select(line => line.Split('\t')[1])
            .Select(userAgent => (Name: _userAgents.Read(userAgent).Browser, userAgent))
            .Where(each => each.Name is { } name && (!char.IsAsciiLetterOrDigit(name[0]) || name.StartsWith("com", StringComparison.Ordinal) || name.Contains("/bot", StringComparison.Ordinal)));

        Assert.Equal([], broken);
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
