using Spoo.Data.Clicks.Reading;
using Spoo.Data.Clicks.Reading.Rules;
using Xunit;

namespace Spoo.Tests.Clicks.Reading;

public class BotsTests
{
    private readonly Bots _bots = new();

    [Fact]
    public void Every_crawler_that_the_list_has_seen_is_one()
    {
        var overruled = Bots.Overruled.Where(each => each.Value is null).Select(each => each.Key).ToHashSet();

        var missed = Fixture.Lines("crawlers.tsv.gz").Select(line => line.Split('\t'))
            .Where(each => _bots.Judge(each[1]) is null && !overruled.Contains(each[0]))
            .Select(each => string.Join("  ", each));

        Assert.Equal([], missed);
    }

    [Fact]
    public void No_browser_is_taken_for_a_machine()
    {
        var accused = Fixture.Lines("real-browsers.tsv.gz").Select(line => line.Split('\t')[1])
            .Select(userAgent => (userAgent, _bots.Judge(userAgent)))
            .Where(each => each.Item2 is not null);

        Assert.Equal([], accused);
    }

    [Fact]
    public void No_telephone_is_taken_for_a_machine()
    {
        // PTST is a testing service that drives real telephones.
        var accused = Fixture.UapCases("test_device").Select(each => (UserAgent: each["user_agent_string"], Brand: each["brand"]))
            .Where(each => each.Brand is not ("Spider" or "") && each.UserAgent.StartsWith("Mozilla/", StringComparison.Ordinal) && !each.UserAgent.Contains("PTST/"))
            .Select(each => (each.UserAgent, Verdict: _bots.Judge(each.UserAgent)))
            .Where(each => each.Verdict is not null);

        Assert.Equal([], accused);
    }

    [Theory]
    [InlineData("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", BotKind.Preview)]
    [InlineData("WhatsApp/2.23.20.0 A", BotKind.Preview)]
    [InlineData("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", BotKind.Preview)]
    [InlineData("Twitterbot/1.0", BotKind.Preview)]
    [InlineData("Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)", BotKind.Preview)]
    [InlineData("TelegramBot (like TwitterBot)", BotKind.Preview)]
    [InlineData("LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)", BotKind.Preview)]
    [InlineData("Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com", BotKind.Preview)]
    [InlineData("curl/8.5.0", BotKind.Tool)]
    [InlineData("python-requests/2.32.3", BotKind.Tool)]
    [InlineData("Wget/1.21.4", BotKind.Tool)]
    [InlineData("Go-http-client/2.0", BotKind.Tool)]
    [InlineData("node", BotKind.Tool)]
    [InlineData("axios/1.7.2", BotKind.Tool)]
    [InlineData("PostmanRuntime/7.39.0", BotKind.Tool)]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/141.0.0.0 Safari/537.36", BotKind.Tool)]
    [InlineData("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", BotKind.Crawler)]
    [InlineData("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", BotKind.Crawler)]
    [InlineData("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)", BotKind.Crawler)]
    [InlineData("SomebodysNewBot/0.1", BotKind.Crawler)]
    [InlineData("mycompany-thing/1.0 (+https://example.com/thing)", BotKind.Crawler)]
    [InlineData("Microsoft Office Existence Discovery", BotKind.Tool)]
    [InlineData("Microsoft Office Protocol Discovery", BotKind.Tool)]
    [InlineData("Mozilla/4.0 (compatible; ms-office; MSOffice rmj)", BotKind.Tool)]
    [InlineData("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.12026; Pro)", BotKind.Tool)]
    [InlineData("kube-probe/1.29", BotKind.Tool)]
    [InlineData("GoogleHC/1.0", BotKind.Tool)]
    [InlineData("ELB-HealthChecker/2.0", BotKind.Tool)]
    [InlineData("Amazon-Route53-Health-Check-Service (ref 12345; report http://amzn.to/1vsZADi)", BotKind.Tool)]
    [InlineData("Azure Traffic Manager Endpoint Monitor", BotKind.Tool)]
    [InlineData("DigitalOcean Uptime Probe 0.22.0 (https://digitalocean.com)", BotKind.Tool)]
    [InlineData("Envoy/HC", BotKind.Tool)]
    [InlineData("Prometheus/2.51.0", BotKind.Tool)]
    [InlineData("libcurl-agent/1.0", BotKind.Tool)]
    [InlineData("libcurl/7.58.0", BotKind.Tool)]
    [InlineData("git/2.39.2", BotKind.Tool)]
    [InlineData("http.rb/5.1.1", BotKind.Tool)]
    [InlineData("HTTPClient/1.0 (2.8.3, ruby 2.7.0)", BotKind.Tool)]
    [InlineData("hackney/1.18.1", BotKind.Tool)]
    [InlineData("HttpClient/4.5", BotKind.Tool)]
    [InlineData("Jakarta Commons-HttpClient/3.1", BotKind.Tool)]
    [InlineData("JMeter", BotKind.Tool)]
    [InlineData("Apache JMeter", BotKind.Tool)]
    [InlineData("gobuster/3.6", BotKind.Tool)]
    [InlineData("feroxbuster/2.10.0", BotKind.Tool)]
    [InlineData("Fuzz Faster U Fool v2.1.0-dev", BotKind.Tool)]
    [InlineData("Nuclei - Open-source project (github.com/projectdiscovery/nuclei)", BotKind.Tool)]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/99 Safari/537.36 Nuclei - Open-source project (github.com/projectdiscovery/nuclei)", BotKind.Tool)]
    [InlineData("lychee/0.15.1", BotKind.Tool)]
    [InlineData("n8n", BotKind.Tool)]
    [InlineData("IFTTT-Protocol/v1", BotKind.Tool)]
    [InlineData("oha/1.4", BotKind.Tool)]
    [InlineData("nginx/1.25", BotKind.Tool)]
    [InlineData("azure-logic-apps/1.0", BotKind.Tool)]
    [InlineData("hello", BotKind.Tool)]
    [InlineData("Mozilla/5.0", BotKind.Tool)]
    [InlineData("-", BotKind.Tool)]
    [InlineData("Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)", BotKind.Preview)]
    [InlineData("mycompany-thing/1.0 (+mailto:admin@example.com)", BotKind.Crawler)]
    [InlineData("NewRelicPingerOfOurs/1.0 (compatible; SomethingSpider/1.0)", BotKind.Crawler)]
    [InlineData("Mozilla/5.0 (Linux; Android 8.0; compatible; OurOwnBot/1.0) AppleWebKit/537.36", BotKind.Crawler)]
    [InlineData("Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/41.0.2272.96 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", BotKind.Crawler)]
    [InlineData("", BotKind.Empty)]
    [InlineData("  ", BotKind.Empty)]
    [InlineData(null, BotKind.Empty)]
    public void A_machine_that_says_what_it_is_is_believed(string? userAgent, BotKind kind) => Assert.Equal(kind, _bots.Judge(userAgent)?.Kind);

    [Theory]
    [InlineData("Mozilla/5.0 (Linux; Android 15; CPH2557 Build/AP3A.240617.008; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/142.0.7444.142 Mobile Safari/537.36 Instagram 406.0.0.58.159 Android")]
    [InlineData("Mozilla/5.0 (Linux; Android 16; Pixel 10 Build/CP1A.260305.018; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/146.0.7680.174 Mobile Safari/537.36 MetaIAB Facebook")]
    [InlineData("Mozilla/5.0 (Linux; Android 10; CUBOT) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/500.0.0.50.110;FBDV/iPhone15,2]")]
    [InlineData("Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.0; EmbeddedWB 14.52 from: http://www.bsalsa.com/)")]
    [InlineData("Mozilla/5.0 (Linux; Android 13; Robot) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Mobile Safari/537.36")]
    [InlineData("Mozilla/5.0 (Linux; Android 9; BQ Robot 5 Build/PPR1.180610.011) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/96.0.4664.104 Mobile Safari/537.36")]
    [InlineData("Mozilla/5.0 (Linux; Android 13; Spider X) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Mobile Safari/537.36")]
    [InlineData("Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1.6.1 Mobile HuaweiBrowser/5.0.4.300")]
    [InlineData("w3m/0.5.3")]
    [InlineData("Lynx/2.8.9rel.1 libwww-FM/2.14 SSL-MM/1.4.1")]
    [InlineData("Opera/9.80 (J2ME/MIDP; Opera Mini/9.80) Presto/2.12")]
    public void People_are_not_taken_for_machines(string userAgent) => Assert.Null(_bots.Judge(userAgent));

    [Fact]
    public void The_verdict_tells_the_rule()
    {
        Assert.Equal(@"Googlebot\/", _bots.Judge("Googlebot/2.1")?.Rule);
        Assert.Equal("own: calls itself a bot", _bots.Judge("SomebodysNewBot/0.1")?.Rule);
        Assert.Equal("no User-Agent", _bots.Judge(null)?.Rule);
    }

    [Fact]
    public void What_overrules_the_list_is_in_the_list()
    {
        using var file = RuleFile.Open("crawlers.json");
        var list = file.ReadToEnd();

        Assert.All(Bots.Overruled.Keys, pattern => Assert.Contains($"\"pattern\":{System.Text.Json.JsonSerializer.Serialize(pattern)}", list, StringComparison.Ordinal));
    }

    [Fact]
    public void The_verdict_is_the_one_that_trying_every_rule_finds()
    {
        var random = new Random(7);
        var rules = Bots.List.Value.Rules;
        var userAgents = Fixture.Lines("crawlers.tsv.gz").Select(line => line.Split('\t')[1]).Concat(Fixture.UserAgents()).ToArray();

        foreach (var userAgent in random.GetItems(userAgents, 300))
        {
            Assert.Equal(rules.FirstByTryingAll(userAgent), rules.First(userAgent, out _));
        }
    }

    [Theory]
    [InlineData(@"Googlebot\/", "Googlebot")]
    [InlineData("[wW]get", "wget")]
    [InlineData("S[eE][mM]rushBot", "SemrushBot")]
    [InlineData("Ahrefs(Bot|SiteAudit)", "AhrefsBot")]
    [InlineData("AdsBot-Google([^-]|$)", "AdsBot-Google")]
    [InlineData("(^| )sentry\\/", "sentry")]
    [InlineData("Automaton|Newsify Feed Fetcher", "Automaton")]
    [InlineData("own: library", "own: library")]
    [InlineData(@"dbot\)", "dbot")]
    [InlineData(";Owler", "Owler")]
    [InlineData(@"Riddler \(http:\/\/riddler\.io", "Riddler")]
    [InlineData(@"Mediapartners \(Googlebot\)", "Mediapartners (Googlebot)")]
    public void A_rule_has_a_name_that_people_know(string rule, string name) => Assert.Equal(name, Bots.NameOf(rule));

    [Fact]
    public void No_two_rules_print_alike() =>
        Assert.All(Bots.List.Value.Verdicts.Select(verdict => verdict.Rule).Distinct().GroupBy(Bots.NameOf), rules => Assert.Single(rules));

    [Fact]
    public void Every_rule_has_a_name_and_a_kind() => Assert.All(Bots.List.Value.Verdicts, verdict =>
    {
        Assert.NotEmpty(Bots.NameOf(verdict.Rule));
        Assert.DoesNotContain("[", Bots.NameOf(verdict.Rule), StringComparison.Ordinal);
        Assert.NotNull(Bots.KindOf(verdict.Rule));
    });
}
