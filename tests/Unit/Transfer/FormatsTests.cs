using System.Text;
using Spoo.Data.Transfer;
using Spoo.Data.Transfer.ClickFiles;
using Spoo.Data.Transfer.ClickFiles.Formats;

namespace Spoo.Tests.Transfer;

/// <summary>
/// Files of other programs. Each is written after the exporter's own source or its documentation, with its quirks: Shlink
/// (VisitsCommandUtils.php, ReportExporter.ts, Visit.php), YOURLS (functions-install.php), Dub (events-export-helpers.ts), GoatCounter
/// (exportcsv.go), Umami (schema.sql), Short.io (types of its client), Rebrandly (clickstream webhooks), Sink (events.get.ts), Caddy
/// (marshalers.go), Traefik (logdata.go, logger_formatters.go), nginx, Apache, AWS and IIS (documentation of their logs).
/// </summary>
public sealed class FormatsTests : IAsyncLifetime
{
    private ImportHouse _house = null!;

    public async ValueTask InitializeAsync() => _house = await ImportHouse.NewAsync();

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Theory]
    [InlineData("""203.0.113.7 - - [17/May/2015:10:05:03 +0200] "GET /abc?utm_source=mail HTTP/1.1" 302 5 "https://news.example/x" "Mozilla/5.0 \"x\"" """)]
    [InlineData("""go.example:443 203.0.113.7 - a user [17/May/2015:10:05:03 +0200] "GET /abc?utm_source=mail HTTP/1.1" 301 5 "https://news.example/x" "Mozilla/5.0 \x22x\x22" """)]
    [InlineData("""::ffff:203.0.113.7 - - [17/May/2015:10:05:03 +0200] "GET /abc?utm_source=mail HTTP/1.1" 308 5 "https://news.example/x" "Mozilla/5.0 \"x\"" 12 "go@docker" "http://10.0.0.2" 12ms""")]
    public async Task Access_logs_of_all_shapes_give_the_same_click(string line)
    {
        var report = await ImportAsync(line);
        var (click, agent, _, source) = await _house.OnlyClickAsync();

        Assert.Equal("access-log", report.Files[0].Format.Name);
        Assert.Equal((1, 0, 0), (report.Stored, report.Bad, report.VisitorsGuessed));
        Assert.Equal(new DateTimeOffset(2015, 5, 17, 8, 5, 3, TimeSpan.Zero), click.Time.ToUniversalTime());
        Assert.Equal(("Mozilla/5.0 \"x\"", "mail", "news.example"), (agent.UserAgent, source.UtmSource, source.Referrer));
        Assert.NotNull(await _house.LinkAsync("abc"));
    }

    [Fact]
    public async Task Of_a_server_s_log_only_redirects_of_codes_asked_for_by_GET_are_clicks()
    {
        var report = await ImportAsync(
            """
            203.0.113.7 - - [17/May/2015:10:05:03 +0000] "GET /abc HTTP/1.1" 302 5
            203.0.113.7 - - [17/May/2015:10:05:04 +0000] "GET /abc HTTP/1.1" 404 5
            203.0.113.7 - - [17/May/2015:10:05:05 +0000] "HEAD /abc HTTP/1.1" 302 5
            203.0.113.7 - - [17/May/2015:10:05:06 +0000] "GET /a/b HTTP/1.1" 302 5
            203.0.113.7 - - [17/May/2015:10:05:07 +0000] "GET /favicon.ico HTTP/1.1" 301 5
            203.0.113.7 - - [17/May/2015:10:05:07 +0000] "GET /robots.txt HTTP/1.1" 301 5
            203.0.113.7 - - [17/May/2015:10:05:08 +0000] "\x16\x03\x01" 400 5
            broken
            """);

        Assert.Equal((1, 6, 1), (report.Stored, report.NotClicks, report.Bad));
        Assert.Equal([1L, 2L, 3L], report.NotClicksBy.Values.Order());
        Assert.Equal("not a line of such a log", report.BadLines[0].Reason.ToString());
    }

    [Fact]
    public async Task Where_the_links_were_which_host_and_which_answers_can_be_said()
    {
        const string Log =
            """
            go.example:80 203.0.113.7 - - [17/May/2015:10:05:03 +0000] "GET /go/abc HTTP/1.1" 303 5 "-" "-"
            other.example:80 203.0.113.7 - - [17/May/2015:10:05:04 +0000] "GET /go/def HTTP/1.1" 303 5 "-" "-"
            go.example:80 203.0.113.7 - - [17/May/2015:10:05:05 +0000] "GET /gone HTTP/1.1" 303 5 "-" "-"
            go.example:80 203.0.113.7 - - [17/May/2015:10:05:06 +0000] "GET /go/abc HTTP/1.1" 302 5 "-" "-"
            """;
        var report = await ImportAsync(Log, new ClickFileOptions
        {
            Requests = new RequestRules { Prefix = "/go", Host = "GO.example", Statuses = new HashSet<int> { 303 } },
        });

        Assert.Equal((1, 3), (report.Stored, report.NotClicks));
        Assert.NotNull(await _house.LinkAsync("abc"));
    }

    [Fact]
    public async Task What_a_server_escapes_in_its_JSON_is_read_as_it_was_sent()
    {
        const string Line = """{"msec":"1431857103.123","remote_addr":"203.0.113.7","request":"GET /abc HTTP/1.1","status":"302","http_user_agent":"AGENT"}""";
        var agents = new[] { @"a \x22b\x22 \x5C", @"caf\xC3\xA9 \\x22", @"caf\xE9 \x0a", "plain" };

        var report = await ImportAsync(string.Join('\n', agents.Select(agent => Line.Replace("AGENT", agent, StringComparison.Ordinal))));

        Assert.Equal(("nginx-json", 4, 0), (report.Files[0].Format.Name, report.Stored, report.Bad));
        string?[] sent = ["a \"b\" \\", "café \\x22", "café", "plain"];
        await using var context = _house.Context();
        Assert.Equal(
            sent.Order(StringComparer.Ordinal),
            context.ClickAgents.Select(agent => agent.UserAgent).AsEnumerable().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(@"a \""quoted\"" one", "a \"quoted\" one")]
    [InlineData(@"ends with a backslash \\", @"ends with a backslash \")]
    [InlineData(@"\""", "\"")]
    [InlineData(@"in \x22bytes\x22 of nginx", "in \"bytes\" of nginx")]
    [InlineData("plain", "plain")]
    public async Task What_a_server_escapes_in_its_log_is_read_as_it_was_sent(string written, string sent)
    {
        var report = await ImportAsync($"""203.0.113.7 - - [17/May/2015:10:05:03 +0000] "GET /abc HTTP/1.1" 302 5 "https://news.example/" "{written}" "behind it" """);

        Assert.Equal((1, 0), (report.Stored, report.Bad));
        var (_, agent, _, source) = await _house.OnlyClickAsync();
        Assert.Equal((sent, "https://news.example/"), (agent.UserAgent, source.ReferrerUrl));
    }

    // One click each, of 17 May 2015 10:05:03 UTC, of the code abc.
    public static TheoryData<string, string> OneClick => new()
    {
        { "nginx-json", """{"time_iso8601":"2015-05-17T12:05:03+02:00","remote_addr":"10.0.0.1","http_x_forwarded_for":"203.0.113.7, 10.0.0.9","request":"GET /abc HTTP/1.1","status":"302","http_user_agent":"x","http_referer":"-"}""" },
        { "nginx-json", """{"msec":1431857103.123,"remote_addr":"203.0.113.7","request_method":"GET","request_uri":"/abc?x=1","status":302,"http_user_agent":"x"}""" },
        { "caddy", """{"level":"info","ts":1431857103.5241024,"logger":"http.log.access.log0","msg":"handled request","request":{"remote_ip":"203.0.113.7","remote_port":"1","client_ip":"203.0.113.7","proto":"HTTP/2.0","method":"GET","host":"go.example:443","uri":"/abc","headers":{"User-Agent":["x"],"Cookie":["REDACTED"],"Accept-Language":["de"]},"tls":{"resumed":false}},"bytes_read":0,"user_id":"","duration":0.001,"size":0,"status":302,"resp_headers":{"Location":["https://example.com/"]}}""" },
        { "caddy", """{"level":"info","ts":1431857103524102400,"logger":"http.log.access","request":{"remote_ip":"203.0.113.7","method":"GET","host":"go.example","uri":"/abc","headers":{"User-Agent":["x"]}},"status":302}""" },
        { "caddy", """{"level":"info","ts":"2015/05/17 10:05:03.524","logger":"http.log.access","request":{"remote_ip":"203.0.113.7","method":"GET","host":"go.example","uri":"/abc","headers":{"User-Agent":["x"]}},"status":302}""" },
        { "nginx-json", """{"msec":"1431857103.123","remote_addr":"203.0.113.7","request":"GET /abc HTTP/1.1","status":"302","http_user_agent":"a \x22quoted\x22 x"}""" + "\n" },
        { "traefik", """{"ClientAddr":"203.0.113.7:5","ClientHost":"203.0.113.7","DownstreamStatus":302,"Duration":12000,"RequestHost":"go.example","RequestMethod":"GET","RequestPath":"/abc","ServiceURL":{"Scheme":"http"},"StartUTC":"2015-05-17T10:05:03.123456789Z","level":"info","msg":"","request_User-Agent":"x","time":"2015-05-17T10:05:04Z"}""" },
        { "alb", """https 2015-05-17T10:05:03.127531Z app/go/50dc 203.0.113.7:2817 10.0.0.1:80 0.000 0.001 0.000 302 302 34 366 "GET https://go.example:443/abc HTTP/1.1" "x" ECDHE TLSv1.2 arn "Root=1-5" "go.example" "arn:a" 0 2015-05-17T10:05:02.364000Z "redirect" "https://example.com/" "-" "10.0.0.1:80" "302" "-" "-" """ },
        { "elb", """2015-05-17T10:05:03.945958Z my-elb 203.0.113.7:2817 10.0.0.1:80 0.000073 0.001048 0.000057 302 302 0 29 "GET http://go.example:80/abc HTTP/1.1" "x" - -""" },
        { "cloudfront", "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query x-host-header\n2015-05-17\t10:05:03\tFRA2\t5\t203.0.113.7\tGET\td1.cloudfront.net\t/abc\t302\t-\tx%2520y\t-\tgo.example" },
        { "iis", "#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status\n2015-05-17 10:05:03 10.0.0.1 GET /abc - 443 - 203.0.113.7 x+y 302\n#Fields: date time cs-method cs-uri-stem c-ip sc-status\n2015-05-17 10:05:03 GET /none 203.0.113.7 404" },
        { "shlink", "Date,\"Potential bot\",\"User agent\",Referer,Country,Region,City,\"Visited URL\",\"Redirect URL\",Type\n2015-05-17T12:05:03+02:00,,\"x y\",Unknown,Germany,Unknown,Unknown,https://go.example/abc?utm_source=mail,https://example.com/,valid_short_url\n2015-05-17T12:05:04+02:00,,x,,,,,https://go.example/nothing,,invalid_short_url" },
        { "shlink", "\"date\",\"potentialBot\",\"userAgent\",\"os\",\"browser\",\"referer\",\"country\",\"region\",\"city\",\"latitude\",\"longitude\",\"visitedUrl\"\n\"2015-05-17T12:05:03+02:00\",false,\"x\",\"Linux\",\"Others\",\"Direct\",\"Germany\",\"\",\"\",50.1,8.6,\"https://go.example/abc\"" },
        { "shlink", """{"visits":{"data":[{"referer":"","date":"2015-05-17T12:05:03+02:00","userAgent":"x","visitLocation":{"countryCode":"DE","countryName":"Germany","regionName":"","cityName":"","latitude":1.5,"longitude":2,"timezone":"Europe/Berlin","isEmpty":false},"potentialBot":false,"visitedUrl":"https://go.example/abc","redirectUrl":"https://example.com/"}],"pagination":{"currentPage":1,"pagesCount":1}}}""" },
        { "yourls", "click_id,click_time, shorturl, referrer, user_agent, ip_address, country_code\r\n1,2015-05-17 10:05:03,abc,direct,\"x\",203.0.113.7,DE\r\n" },
        { "yourls-sql", "-- MySQL dump 10.13\n/*!40101 SET NAMES utf8 */;\nCREATE TABLE `yourls_url` (\n  `keyword` varchar(100) NOT NULL,\n  `url` text\n);\nINSERT INTO `yourls_url` VALUES ('abc','https://example.com/;(');\nCREATE TABLE `y_log` (\n  `click_id` int(11) NOT NULL AUTO_INCREMENT,\n  `click_time` datetime NOT NULL,\n  `shorturl` varchar(200) NOT NULL,\n  `referrer` varchar(200) NOT NULL,\n  `user_agent` varchar(255) NOT NULL,\n  `ip_address` varchar(41) NOT NULL,\n  `country_code` char(2) NOT NULL,\n  PRIMARY KEY (`click_id`)\n);\nINSERT INTO `y_log` VALUES (1,'2015-05-17 10:05:03','abc','direct','x (\\'y\\'); z','203.0.113.7','');\n" },
        { "dub", "Date,Link,Referrer,Country,Device\n2015-05-17T10:05:03.000Z,go.example/abc,(direct),Germany,Desktop" },
        { "dub", "Event,Date,Link,Click ID,Destination URL,Referrer URL\nlink,2015-05-17T10:05:03.000Z,go.example/abc,cid1,https://example.com/,(direct)" },
        { "short.io", """[{"host":"go.example","path":"/abc","lcpath":"abc","dt":"2015-05-17T10:05:03.000Z","method":"GET","url":"https://example.com/","st":302,"ip":"203.0.113.7","ua":"x","human":true,"country":"DE"},{"host":"go.example","path":"/none","lcpath":"none","dt":"2015-05-17T10:05:03.000Z","st":404,"ip":"203.0.113.7"}]""" },
        { "short.io", "Short link,Date/time,IP address,Status,Browser,Method,User Agent,Human clicks,Country\nhttps://go.example/abc,2015-05-17 10:05:03,203.0.113.7,302,Chrome/65,GET,x,yes,DE" },
        { "rebrandly", """{"data":[{"timestamp":"2015-05-17T10:05:03.123456Z","client":{"language":"de","location":{"country":"de"},"agent":{"browser":{"name":"Chrome","version":"1"},"os":{"name":"linux"},"type":"human"}},"referral":{"hostname":"news.example","origin":"https://news.example"},"route":{"id":"1","slashtag":"abc","domain":{"raw":"go.example"},"destination":{"raw":"https://example.com/"}}}]}""" },
        { "polr", "id,ip,country,referer,referer_host,user_agent,link_id,created_at,short_url\n1,203.0.113.7,DE,,,x,7,2015-05-17 10:05:03,abc" },
        { "sink", """[{"slug":"abc","url":"https://example.com/","ua":"x","ip":"","referer":"","country":"US","region":"🇺🇸 California,United States","city":"🇺🇸 Los Angeles,United States","language":"en","os":"Linux","browser":"Chrome","COLO":"LAX","id":"1","timestamp":1431857103}]""" },
        { "goatcounter", "2Path,Title,Event,UserAgent,Browser,System,Session,Bot,Referrer,Referrer scheme,Screen size,Location,FirstVisit,Date\n/abc,A,0,,Chrome 86,Windows 7,s1,0,news.example/x,h,\"1280,0,1\",US-TX,1,2015-05-17T10:05:03Z\n/event,A,1,,,,,0,,,,,1,2015-05-17T10:05:03Z" },
        { "goatcounter", "1Path,Title,Event,Bot,Session,FirstVisit,Referrer,Referrer scheme,Browser,Screen size,Location,Date\n/abc,A,false,0,s1,true,spring,c,Mozilla/5.0 (X11),\"1,2,3\",DE,2015-05-17T10:05:03Z" },
        { "umami", "website_id,session_id,visit_id,event_id,hostname,browser,os,device,screen,language,country,region,city,url_path,url_query,utm_source,referrer_domain,event_type,created_at\nw,s,v,e,go.example,chrome,Linux,laptop,1x1,de-DE,BE,DE-BE,Berlin,/abc,utm_medium=m,,news.example,1,2015-05-17 10:05:03\nw,s,v,f,go.example,chrome,Linux,laptop,1x1,de-DE,BE,DE-BE,Berlin,/abc,,,,2,2015-05-17 10:05:03" },
        { "csv", "Date,Link,Destination\n17.05.2015 10:05:03,https://go.example/abc,https://example.com/" },
        { "csv", "When it was;Which;Note\n2015-05-17 10:05:03 UTC;https://go.example/abc;fine day" },
        { "ndjson", """{"timestamp":"2015-05-17T10:05:03Z","shortUrl":"https://go.example/abc"}""" },
    };

    [Theory]
    [MemberData(nameof(OneClick))]
    public async Task A_file_of_another_program_is_recognised_by_its_content_and_read(string format, string file)
    {
        var report = await ImportAsync(file);
        var (click, _, _, _) = await _house.OnlyClickAsync();

        Assert.Equal((format, 0L), (report.Files[0].Format.Name, report.Bad));
        Assert.Equal(new DateTimeOffset(2015, 5, 17, 10, 5, 3, TimeSpan.Zero).ToUnixTimeSeconds(), click.Time.ToUnixTimeSeconds());
        Assert.NotNull(await _house.LinkAsync("abc"));
        Assert.Equal(1, await LinksAsync());
    }

    [Fact]
    public void Every_format_that_can_be_imported_has_a_file_here()
    {
        var shown = OneClick.Select(row => row.Data.Item1).Append("access-log").Append("bitly").ToHashSet();

        // ImportedTotalsTests has those of sums.
        Assert.Empty(ClickFileFormats.Importable.Where(format => !format.IsSums).Select(format => format.Name).Except(shown));
    }

    [Theory]
    [InlineData("matomo", """[{"idSite":1,"idVisit":7,"visitIp":"203.0.113.0","actionDetails":[{"type":"action","url":"https://go.example/abc"}]}]""")]
    [InlineData("goatcounter-sums", """{"hour":"2024-01-01T00:00:00Z","path_id":1,"ref_id":1,"count":3}""")]
    public async Task What_holds_no_single_clicks_is_refused_and_called_by_its_name(string format, string file)
    {
        var refused = await Assert.ThrowsAsync<ClickFileException>(() => ImportAsync(file));

        Assert.Contains(ClickFileFormats.All.Single(known => known.Name == format).Title, refused.Message, StringComparison.Ordinal);
        Assert.Contains("no single clicks", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, await LinksAsync());
    }

    [Fact]
    public async Task What_an_export_says_of_a_visit_is_kept()
    {
        await ImportAsync("1Path,Title,Event,Bot,Session,FirstVisit,Referrer,Referrer scheme,Browser,Screen size,Location,Date\n/abc,A,0,3,s1,1,spring,c,Mozilla/5.0 (X11),\"1,2,3\",US-TX,2015-05-17T10:05:03Z");
        var (_, agent, place, source) = await _house.OnlyClickAsync();

        Assert.Equal(("Mozilla/5.0 (X11)", true, "US", "TX"), (agent.UserAgent, agent.IsBot, place.Country, place.Region));
        Assert.Equal(("spring", null), (source.UtmCampaign, source.Referrer));
    }

    [Fact]
    public async Task A_bot_of_Shlink_is_one_and_a_place_that_is_not_known_is_none()
    {
        await ImportAsync("Date,\"Potential bot\",\"User agent\",Referer,Country,Region,City,\"Visited URL\",\"Redirect URL\",Type\n2015-05-17T12:05:03+02:00,\"Potential bot\",x,,Unknown,Unknown,Unknown,https://go.example/abc,https://example.com/,valid_short_url");
        var (_, agent, place, _) = await _house.OnlyClickAsync();

        Assert.True(agent.IsBot);
        Assert.Equal((null, null, null), (place.Country, place.Region, place.City));
        Assert.Equal("https://example.com/", (await _house.LinkAsync("abc")).LongUrl);
    }

    [Fact]
    public async Task Rows_of_a_dump_keep_their_quotes_and_come_only_once()
    {
        const string Dump = "INSERT INTO `yourls_log` (`click_id`, `click_time`, `shorturl`, `referrer`, `user_agent`, `ip_address`, `country_code`) VALUES\n(1, '2015-05-17 10:05:03', 'abc', 'direct', 'it''s \\\\ \\\"x\\\"', '203.0.113.7', 'DE'),\n(2, '2015-05-17 10:05:04', 'abc', 'direct', NULL, '203.0.113.7', 'DE'),\n(3, '2015-05-17');\n";
        var report = await ImportAsync(Dump);
        var again = await ImportAsync("click_id,click_time, shorturl, referrer, user_agent, ip_address, country_code\n2,2015-05-17 10:05:04,abc,direct,,203.0.113.7,DE\n");

        Assert.Equal((2, 1), (report.Stored, report.Bad));
        Assert.Equal((0, 1), (again.Stored, again.AlreadyThere));
        await using var context = _house.Context();
        Assert.Contains("it's \\ \"x\"", context.ClickAgents.Select(agent => agent.UserAgent));
    }

    [Fact]
    public async Task Statements_of_a_dump_are_read_behind_comments_and_whichever_way_they_insert()
    {
        static string Row(int second) =>
            $"yourls_log (click_time, shorturl, referrer, user_agent, ip_address, country_code) VALUES ('2015-05-17 10:05:0{second}','abc','direct','x','203.0.113.7','DE');";
        var report = await ImportAsync(string.Join('\n',
            [
                "/*M!999999\\- enable the sandbox mode */ ", "-- it's a dump", $"INSERT INTO {Row(1)}", "/* it's ** one more */ /**/",
                $"INSERT IGNORE INTO {Row(2)}", "# it's another", $"REPLACE INTO {Row(3)}", "/*!40000 ALTER TABLE yourls_log ENABLE KEYS */;",
            ]));

        Assert.Equal((3, 0), (report.Stored, report.Bad));
    }

    [Theory]
    [InlineData("https 2015-05-17T10:05:03.127531Z app/go/50dc [2001:db8::1]:2817 - -1 -1 -1 301 - 34 366 \"GET https://go.example:443/abc HTTP/1.1\" \"Mozilla/5.0\" ECDHE TLSv1.2", "alb")]
    [InlineData("2015-05-17T10:05:03.945958Z my-elb [2001:db8::1]:2817 [2001:db8::2]:80 0.00 0.001 0.00 302 302 0 29 \"GET http://go.example:80/abc HTTP/1.1\" \"Mozilla/5.0\" - -", "elb")]
    public async Task Visitors_of_a_load_balancer_may_have_long_addresses(string line, string format)
    {
        var report = await ImportAsync(line);

        Assert.Equal((1, 0, format), (report.Stored, report.VisitorsGuessed, report.Files[0].Format.Name));
    }

    [Theory]
    [InlineData("go.example")]
    [InlineData("go.example/")]
    [InlineData("https://go.example")]
    public async Task The_link_of_a_domain_alone_is_no_code_with_a_dot(string link)
    {
        var report = await ImportAsync($"Date,Link,Referrer,Country,Device\n2015-05-17T10:05:03.000Z,go.example/abc,,,\n2015-05-17T10:05:03.000Z,{link},,,");

        Assert.Equal((1, 1, 0), (report.Stored, report.NotClicks, report.Bad));
        Assert.Equal(1, await LinksAsync());
    }

    [Theory]
    [InlineData("Clicked on,Which,Where\n1700000000,abc,Oslo\n", "No column is called 'time', but the values of 'Clicked on' look like it")]
    [InlineData("time,Which,Where\n1700000000,abc,Oslo\n", "No column is called 'short_code', but the values of 'Which' look like it")]
    [InlineData("time,a,b\n1700000000,https://go.example/abc,https://go.example/def\n", "the values of 'a' look like it")]
    [InlineData("time,Amount\n1700000000,7\n", "has no column 'short_code'")]
    public async Task A_column_that_merely_may_be_one_is_asked_about_and_no_code_is_made_up(string file, string question)
    {
        var asked = await Assert.ThrowsAsync<ClickFileException>(() => ImportAsync(file));

        Assert.Contains(question, asked.Message, StringComparison.Ordinal);
        Assert.Equal(0, await LinksAsync());
    }

    [Fact]
    public async Task Columns_are_used_as_was_said()
    {
        var report = await ImportAsync("Clicked on,Which,Where,time\n2015-05-17,abc,Oslo,never\n", new ClickFileOptions
        {
            Map = new Dictionary<string, string?> { ["clicked on"] = "time", ["Which"] = "short_code", ["Where"] = "city", ["time"] = null },
        });
        var (click, _, place, _) = await _house.OnlyClickAsync();

        Assert.Equal((2015, "Oslo"), (click.Time.Year, place.City));
        Assert.Empty(report.UnknownFields);
        Assert.Equal(["time", "short_code", "city"], report.Files[0].Columns.Select(column => column.Field));
    }

    [Fact]
    public async Task A_file_about_one_link_is_told_its_code()
    {
        await ImportAsync("date,potentialBot,userAgent,referer\n2015-05-17T10:05:03Z,false,x,\n", new ClickFileOptions { ShortCode = "abc" });

        Assert.Equal(1, (await _house.LinkAsync("abc")).TotalClicks);
    }

    [Fact]
    public async Task A_check_shows_how_a_file_would_be_read_and_stores_nothing()
    {
        var file = new ClickFileToImport { Name = "f", OwnerId = _house.OwnerId, Content = Bytes("Date;Link\n17.05.2015 10:05;go.example/abc\nnever;go.example/abc\n") };
        var check = await _house.Import.CheckAsync(file, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((1L, 2L, 1L), (check.Clicks, check.Report.Lines, check.Report.Bad));
        Assert.Equal(("abc", 10), (check.First[0].ShortCode, check.First[0].Time.Hour));
        Assert.Equal(["time", "short_code"], check.Report.Files[0].Columns.Select(column => column.Field));
        Assert.Equal((0, 0), (await LinksAsync(), await _house.CountClicksAsync()));
    }

    [Fact]
    public async Task Every_example_of_the_documentation_is_what_it_is_called_and_every_format_has_one()
    {
        var documentation = await DocumentedFiles.DocumentationAsync();
        var examples = DocumentedFiles.In(documentation);
        foreach (var (name, file) in examples)
        {
            var check = await _house.Import.CheckAsync(
                new ClickFileToImport { Name = name, Content = Bytes(file), OwnerId = _house.OwnerId }, cancellationToken: TestContext.Current.CancellationToken);

            Assert.Equal((name, 0L), (check.Report.Files[0].Format.Name, check.Report.Bad));
            Assert.NotEqual(0, check.Clicks + check.Totals);
        }

        Assert.Empty(ClickFileFormats.Importable.Select(format => format.Name).Except(examples.Select(example => example.Format)));
        Assert.All(ClickFileFormats.Importable, format => Assert.Contains($"| `{format.Name}` | {format.Title} |", documentation, StringComparison.Ordinal));
        Assert.All(ClickFileFormats.All.Where(format => format.Refusal is not null), format => Assert.Contains(format.Title, documentation, StringComparison.Ordinal));
    }

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    private Task<ImportReport> ImportAsync(string file, ClickFileOptions? options = null) => _house.Import.RunAsync(
        new ClickFileToImport { Name = "file", Content = Bytes(file), OwnerId = _house.OwnerId, Options = options ?? ClickFileOptions.None },
        cancellationToken: TestContext.Current.CancellationToken);

    private async Task<int> LinksAsync()
    {
        await using var context = _house.Context();
        return context.Links.Count();
    }
}
