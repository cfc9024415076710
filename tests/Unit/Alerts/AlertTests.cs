using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Alerts;
using Spoo.Data.Care;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Domains;
using Spoo.Data.Webhooks;
using Spoo.Tests.Support;
using Spoo.Tests.Webhooks;
using Spoo.Web.Mail;
using Spoo.Web.Mail.Alerts;

namespace Spoo.Tests.Alerts;

/// <summary>What an account wants to be told of is told once, where it wants it told, and is gone with what it was about.</summary>
[OnEveryDatabase]
public sealed class AlertTests : IAsyncLifetime
{
    /// <summary>Shortly after eleven on a Wednesday.</summary>
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 11, 2, 0, TimeSpan.Zero);

    private const int Weeks = 4;

    private readonly Postbox _post = new();
    private readonly FakeTimeProvider _clock = new(Now);
    private readonly NameServer _names = new();
    private readonly SpooApp _app;
    private Receiver _receiver = null!;
    private SpooUser _owner = null!;
    private HttpClient _client = null!;

    public AlertTests() => _app = new SpooApp
    {
        Clock = _clock,
        Settings = { ["Links:PublicUrl"] = "https://go.example", ["Webhooks:AllowPrivateAddresses"] = "true", ["Alerts:CheckDestinations"] = "true", ["Alerts:AllowPrivateAddresses"] = "true", ["Domains:NameServers:0"] = _names.Address },
        Register = services =>
        {
            services.AddSingleton<IMailer>(_post);

            // The tests are the nodes.
            services.Remove(services.Single(service => service.ImplementationType == typeof(AlertRounds)));
            services.Remove(services.Single(service => service.ImplementationType == typeof(AlertMailRounds)));
            services.Remove(services.Single(service => service.ServiceType == typeof(IHostedService) && service.ImplementationFactory?.Method.ReturnType == typeof(WebhookRounds)));
        },
    };

    /// <summary>Those about alerts: keys are told of by mail as well.</summary>
    private IEnumerable<Mail> Mails => _post.Mails.Where(mail => mail.Name?.StartsWith("alert-", StringComparison.Ordinal) == true);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _receiver = await Receiver.StartAsync();
        _owner = await _app.AddUserAsync();
        await using var database = _app.OpenDatabase();
        await database.Users.Where(user => user.Id == _owner.Id).ExecuteUpdateAsync(set => set.SetProperty(user => user.EmailConfirmed, true).SetProperty(user => user.TimeZone, "UTC"), Cancelled);
        _client = await _app.WithKeyAsync(_owner);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _receiver.DisposeAsync();
        await _names.DisposeAsync();
    }

    [Fact]
    public async Task A_spike_is_told_once_by_mail_and_webhook_however_many_nodes_there_are_and_can_be_seen()
    {
        var link = await UsualLinkAsync();
        await SpikeAsync(link, 60);
        await _client.SendAsync(HttpMethod.Post, "/api/v1/webhooks", $$"""{"url":"{{_receiver.Url}}","events":["alert.raised"]}""").JsonAsync(201);
        var rule = (await MakeAsync("""{"kind":"spike"}""")).Text("id");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => LookAsync()));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => MailAsync()));
        await DeliverAsync();

        var list = await _client.GetAsync("/api/v1/alerts", Cancelled).JsonAsync();
        var alert = Assert.Single(list.GetProperty("alerts").EnumerateArray());
        Assert.Equal(("spike", rule, 60, 4), (alert.Text("kind"), alert.Text("rule_id"), alert.GetProperty("value").GetInt32(), alert.GetProperty("usual").GetInt32()));
        Assert.Equal(1, list.GetProperty("unseen").GetInt32());
        var mail = Assert.Single(Mails);
        Assert.Equal((_owner.Email, "A spike of clicks"), (mail.To, mail.Subject));
        Assert.Contains("Clicks within an hour: 60; usual in this hour of the week: 4", mail.Text, StringComparison.Ordinal);
        Assert.Contains("https://go.example/settings/alerts", mail.Text, StringComparison.Ordinal);
        var told = Assert.Single(_receiver.All);
        Assert.Equal(alert.Text("id"), told.Json.GetProperty("data").GetProperty("alert").Text("id"));
        Assert.Equal(alert.Text("message"), told.Json.GetProperty("data").Text("message"));

        var seen = await _client.SendAsync(HttpMethod.Post, $"/api/v1/alerts/{alert.Text("id")}/seen").JsonAsync();
        Assert.Equal(_clock.GetUtcNow().ToUnixTimeSeconds(), seen.GetProperty("seen_at").GetInt64());
        Assert.Empty((await _client.GetAsync("/api/v1/alerts?unseen=true", Cancelled).JsonAsync()).GetProperty("alerts").EnumerateArray());
    }

    [Fact]
    public async Task A_rule_pauses_for_twelve_hours()
    {
        var link = await UsualLinkAsync();
        await SpikeAsync(link, 60);
        await MakeAsync("""{"kind":"spike"}""");
        await LookAsync();

        for (var hour = 1; hour <= 13; hour++)
        {
            _clock.Advance(TimeSpan.FromHours(1));
            await SpikeAsync(link, 60);
            await LookAsync();
        }

        await using var database = _app.OpenDatabase();
        Assert.Equal([Now.AddMinutes(-2), Now.AddMinutes(-2).AddHours(12)], await database.Alerts.OrderBy(alert => alert.At).Select(alert => alert.At).ToListAsync(Cancelled));
    }

    [Fact]
    public async Task A_node_that_ended_in_the_middle_is_followed_by_another()
    {
        var link = await UsualLinkAsync();
        await SpikeAsync(link, 60);
        await MakeAsync("""{"kind":"spike"}""");
        await using var database = _app.OpenDatabase();
        await database.AlertRules.ExecuteUpdateAsync(
            set => set.SetProperty(rule => rule.HeldBy, "another process").SetProperty(rule => rule.HeldUntil, (DateTimeOffset?)_clock.GetUtcNow().AddMinutes(5)), Cancelled);

        await LookAsync();
        Assert.False(await database.Alerts.AnyAsync(Cancelled));

        _clock.Advance(TimeSpan.FromMinutes(6));
        await LookAsync();
        Assert.Single(await database.Alerts.ToListAsync(Cancelled));

        // The mail as well: of a node that took it and ended before it was sent, another sends it, under the same name.
        var broken = new BrokenMailer();
        await Assert.ThrowsAsync<AggregateException>(() => MailAsync(broken));
        await MailAsync();
        Assert.Empty(Mails);
        _clock.Advance(TimeSpan.FromMinutes(16));
        await MailAsync();
        Assert.Equal(broken.Tried!.Name, Assert.Single(Mails).Name);
    }

    [Fact]
    public async Task Trying_a_rule_says_what_it_would_have_told_and_makes_nothing()
    {
        var link = await UsualLinkAsync();
        await SpikeAsync(link, 60, ago: TimeSpan.FromDays(3));
        await SpikeAsync(link, 70, ago: TimeSpan.FromDays(3) - TimeSpan.FromHours(1)); // within the pause
        await SpikeAsync(link, 80, ago: TimeSpan.FromDays(2));

        var tried = await _client.SendAsync(HttpMethod.Post, "/api/v1/alerts/rules/try", """{"kind":"spike"}""").JsonAsync();
        Assert.Equal([60, 80], tried.GetProperty("alerts").EnumerateArray().Select(alert => alert.GetProperty("value").GetInt32()));
        var other = await _client.SendAsync(HttpMethod.Post, "/api/v1/alerts/rules/try", """{"kind":"spike","tag":"none has this"}""").JsonAsync();
        Assert.Empty(other.GetProperty("alerts").EnumerateArray());

        Assert.Empty((await _client.GetAsync("/api/v1/alerts/rules", Cancelled).JsonAsync()).GetProperty("rules").EnumerateArray());
    }

    [Fact]
    public async Task A_silence_of_an_account_and_a_burst_of_bots_are_told()
    {
        var link = await UsualLinkAsync(until: TimeSpan.FromHours(7));
        await _app.AddAsync(Enumerable.Range(0, 300).Select(i => Some.Click(link, Now.AddMinutes(-40).AddSeconds(i), 5_000 + i) with { IsBot = true, BotRule = "Googlebot" }));
        await MakeAsync("""{"kind":"silence","threshold":6,"minimum":20}""");
        await MakeAsync("""{"kind":"bots"}""");
        await MakeAsync("""{"kind":"spike"}""");

        await LookAsync();

        await using var database = _app.OpenDatabase();
        var alerts = await database.Alerts.AsNoTracking().ToListAsync(Cancelled);
        Assert.Equal([AlertKind.Bots, AlertKind.Silence], alerts.Select(alert => alert.Kind).Order(Comparer<AlertKind>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()))));
        Assert.Equal(24, alerts.Single(alert => alert.Kind == AlertKind.Silence).Usual);
    }

    [Fact]
    public async Task A_link_that_ends_soon_or_has_few_clicks_left_is_told_once_and_again_when_its_end_is_another()
    {
        var ending = Some.Link("ending", _owner);
        ending.ExpireAfter = Now.AddHours(30);
        var limited = Some.Link("limited", _owner);
        (limited.MaxClicks, limited.TotalClicks) = (100, 95);
        var far = Some.Link("far", _owner);
        (far.ExpireAfter, far.MaxClicks, far.TotalClicks) = (Now.AddDays(30), 100, 50);
        foreach (var link in new[] { ending, limited, far })
        {
            await _app.AddAsync(link);
        }

        await MakeAsync("""{"kind":"link_ending"}""");
        await MakeAsync("""{"kind":"link_limit"}""");
        for (var i = 0; i < 3; i++)
        {
            await LookAsync();
            _clock.Advance(TimeSpan.FromHours(7));
        }

        var list = await _client.GetAsync("/api/v1/alerts", Cancelled).JsonAsync();
        Assert.Equal(
            ["The link ending ends soon; hours that are left: 30", "The link limited has had 95 of the 100 clicks that it may have"],
            list.GetProperty("alerts").EnumerateArray().Select(alert => alert.Text("message")).Order());

        await using var database = _app.OpenDatabase();
        await database.Links.Where(link => link.Id == ending.Id).ExecuteUpdateAsync(set => set.SetProperty(link => link.ExpireAfter, (DateTimeOffset?)Now.AddHours(60)), Cancelled);
        await LookAsync();
        Assert.Equal(3, await database.Alerts.CountAsync(Cancelled));
    }

    [Fact]
    public async Task A_quota_that_is_nearly_used_is_told()
    {
        await _app.Get<Quotas>().GiveAsync(_owner.Id, QuotaKind.Links, "4", null, Cancelled);
        await MakeAsync("""{"kind":"quota","threshold":75}""");
        await _app.AddAsync(Some.Link("one", _owner));
        await _app.AddAsync(Some.Link("two", _owner));
        await LookAsync();
        await using var database = _app.OpenDatabase();
        Assert.False(await database.Alerts.AnyAsync(Cancelled));

        await _app.AddAsync(Some.Link("three", _owner));
        _clock.Advance(TimeSpan.FromMinutes(11));
        await LookAsync();
        Assert.Equal("Of the 4 links that your account may have, there are 3", AlertMessages.Of(await database.Alerts.SingleAsync(Cancelled)).ToString());
    }

    [Fact]
    public async Task A_destination_that_fails_three_times_is_told_with_what_it_answers_and_one_that_is_back_is_not()
    {
        var target = new Uri(_receiver.Url);
        await _app.AddAsync(Some.Link("gone", _owner, longUrl: new Uri(target, "/nothing-here").AbsoluteUri));
        await _app.AddAsync(Some.Link("there", _owner, longUrl: new Uri(target, "/there").AbsoluteUri));
        await MakeAsync("""{"kind":"broken_destination"}""");

        await LookAsync();
        await using var database = _app.OpenDatabase();
        for (var i = 0; i < 2; i++)
        {
            Assert.False(await database.Alerts.AnyAsync(Cancelled));
            _clock.Advance(TimeSpan.FromMinutes(11));
            await LookAsync();
        }

        var alert = await database.Alerts.AsNoTracking().SingleAsync(Cancelled);
        Assert.Equal(("gone", 3, "it answers 404"), (alert.Subject, alert.Value, alert.Detail));
        Assert.Contains(_receiver.Paths, path => path == "HEAD /there");
        Assert.DoesNotContain(_receiver.Paths, path => path == "GET /there");
        Assert.Contains(_receiver.Paths, path => path == "GET /nothing-here");
    }

    [Fact]
    public async Task A_domain_that_is_not_proved_any_more_is_told_and_one_that_leads_here_is_proved_by_this_server()
    {
        await using var database = _app.OpenDatabase();
        foreach (var (host, state) in new[] { ("own.example", DomainState.Active), ("wanted.example", DomainState.Pending) })
        {
            database.Domains.Add(new Domain { PublicId = PublicId.New(Now), Host = host, OwnerId = _owner.Id, State = state, Token = $"spoo-verify={host}", CreatedAt = Now });
        }

        await database.SaveChangesAsync(Cancelled);
        _names.Texts[DomainProof.RecordStart + "own.example"] = "spoo-verify=own.example";
        await MakeAsync("""{"kind":"domain_failing"}""");
        await LookAsync();
        _names.Texts.Clear();
        _clock.Advance(TimeSpan.FromHours(1));
        for (var i = 0; i < 3; i++)
        {
            Assert.False(await database.Alerts.AnyAsync(Cancelled));
            _clock.Advance(TimeSpan.FromMinutes(11));
            await LookAsync();
        }

        var alert = await database.Alerts.AsNoTracking().SingleAsync(Cancelled);
        Assert.Equal(("own.example", 3), (alert.Subject, alert.Value));
        Assert.StartsWith("no TXT record _spoo-verify.own.example was found", alert.Detail, StringComparison.Ordinal);

        // What is asked for the file is answered by the server that the domain leads to: this one, for those that are proved already.
        await _app.Get<KnownDomains>().ReloadAsync(Cancelled);
        Assert.Equal("spoo-verify=own.example", await (await FileAsync("own.example")).Content.ReadAsStringAsync(Cancelled));
        Assert.DoesNotContain("spoo-verify", await (await FileAsync("wanted.example")).Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);

        async Task<HttpResponseMessage> FileAsync(string host)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, DomainProof.FilePath);
            request.Headers.Host = host;
            return await _app.Anonymous().SendAsync(request, Cancelled);
        }
    }

    [Fact]
    public async Task No_more_destinations_are_called_in_a_minute_than_the_operator_says()
    {
        var target = new Uri(_receiver.Url);
        for (var i = 0; i < 9; i++)
        {
            await _app.AddAsync(Some.Link(owner: _owner, longUrl: new Uri(target, "/there").AbsoluteUri));
        }

        await MakeAsync("""{"kind":"broken_destination"}""");
        await MakeAsync("""{"kind":"broken_destination","threshold":5}""");
        await LookAsync();
        Assert.Equal(4, _receiver.Paths.Count);

        _clock.Advance(TimeSpan.FromMinutes(2));
        await LookAsync();
        Assert.Equal(8, _receiver.Paths.Count);
    }

    [Fact]
    public async Task What_is_wrong_with_a_rule_is_said_of_its_field()
    {
        foreach (var (body, status, field) in new[]
        {
            ("""{}""", 422, "kind"),
            ("""{"kind":"flood"}""", 422, "kind"),
            ("""{"kind":"spike","threshold":1}""", 400, "threshold"),
            ("""{"kind":"quota","minimum":5}""", 400, "minimum"),
            ("""{"kind":"spike","minimum":2000000}""", 400, "minimum"),
            ("""{"kind":"spike","link_id":"65f0a1b2c3d4e5f6a7b8c9d0"}""", 400, "link_id"),
            ("""{"kind":"spike","domain":"not-mine.example"}""", 400, "domain"),
            ("""{"kind":"quota","tag":"spring"}""", 400, "tag"),
            ("""{"kind":"domain_failing","tag":"spring"}""", 400, "tag"),
            ("""{"kind":"spike","tag":"a","domain":"b.example"}""", 400, "domain"),
        })
        {
            var answer = await _client.SendAsync(HttpMethod.Post, "/api/v1/alerts/rules", body);
            Assert.Equal((status, body), ((int)answer.StatusCode, body));
            Assert.Contains($"\"{field}\"", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }

        Assert.Equal(400, (int)(await _client.SendAsync(HttpMethod.Post, "/api/v1/alerts/rules/try", """{"kind":"quota"}""")).StatusCode);
    }

    [Fact]
    public async Task A_rule_is_changed_and_deleted_with_what_it_found_and_is_its_owners_alone()
    {
        var link = await UsualLinkAsync();
        await SpikeAsync(link, 60);
        var rule = (await MakeAsync("""{"kind":"spike","mail":false}""")).Text("id");
        var changed = await _client.SendAsync(HttpMethod.Patch, $"/api/v1/alerts/rules/{rule}", """{"threshold":5,"webhook":false}""").JsonAsync();
        Assert.Equal((5, 20, false, false), (changed.GetProperty("threshold").GetInt32(), changed.GetProperty("minimum").GetInt32(), changed.GetProperty("mail").GetBoolean(), changed.GetProperty("webhook").GetBoolean()));
        Assert.Equal(422, (int)(await _client.SendAsync(HttpMethod.Patch, $"/api/v1/alerts/rules/{rule}", """{"kind":"quota"}""")).StatusCode);
        await LookAsync();
        await using var database = _app.OpenDatabase();
        var alert = await database.Alerts.AsNoTracking().SingleAsync(Cancelled);

        var stranger = await _app.WithKeyAsync(await _app.AddUserAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.SendAsync(HttpMethod.Patch, $"/api/v1/alerts/rules/{rule}", """{"threshold":5}""")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.SendAsync(HttpMethod.Delete, $"/api/v1/alerts/rules/{rule}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.SendAsync(HttpMethod.Post, $"/api/v1/alerts/{alert.Id}/seen")).StatusCode);

        Assert.Equal(HttpStatusCode.NoContent, (await _client.SendAsync(HttpMethod.Delete, $"/api/v1/alerts/rules/{rule}")).StatusCode);
        Assert.False(await database.Alerts.AnyAsync(Cancelled));
    }

    [Fact]
    public async Task Deleting_a_link_deletes_its_rules_alerts_and_checks_and_deleting_an_account_all_of_them()
    {
        var link = await UsualLinkAsync();
        await SpikeAsync(link, 60);
        var gone = await _app.AddAsync(Some.Link("gone", _owner, longUrl: new Uri(new Uri(_receiver.Url), "/nothing-here").AbsoluteUri));
        await MakeAsync($$"""{"kind":"spike","link_id":"{{link.PublicId}}"}""");
        await MakeAsync("""{"kind":"spike"}""");
        await MakeAsync("""{"kind":"broken_destination","threshold":1}""");
        await LookAsync();
        await using var database = _app.OpenDatabase();
        Assert.Equal((3, 3), (await database.AlertRules.CountAsync(Cancelled), await database.Alerts.CountAsync(Cancelled)));

        await _app.Get<LinkService>().DeleteAsync(link.PublicId, Viewer.User(_owner.Id), Cancelled);
        Assert.Equal((2, 2), (await database.AlertRules.CountAsync(Cancelled), await database.Alerts.CountAsync(Cancelled)));
        await _app.Get<LinkService>().DeleteAsync(gone.PublicId, Viewer.User(_owner.Id), Cancelled);
        Assert.Equal((2, 1), (await database.AlertRules.CountAsync(Cancelled), await database.Alerts.CountAsync(Cancelled)));
        Assert.False(await database.AlertChecks.AnyAsync(check => check.SubjectId == gone.PublicId, Cancelled));

        Assert.IsType<RemovalOutcome.Done>(await _app.Get<AccountRemoval>().RemoveAsync(_owner.Id, Cancelled));
        Assert.False(await database.AlertRules.AnyAsync(Cancelled) || await database.Alerts.AnyAsync(Cancelled) || await database.AlertChecks.AnyAsync(Cancelled));
    }

    [Fact]
    public async Task A_link_in_the_mail_stops_the_mails_of_its_rule_and_leaves_the_rule()
    {
        var link = await UsualLinkAsync();
        await SpikeAsync(link, 60);
        await MakeAsync("""{"kind":"spike"}""");
        await LookAsync();
        await MailAsync();

        var stop = new Uri(Assert.Single(Mails).StopUrl!).PathAndQuery;
        Assert.Equal(HttpStatusCode.NoContent, (await _app.Anonymous().PostAsync(stop, new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]), Cancelled)).StatusCode);

        await using var database = _app.OpenDatabase();
        Assert.False((await database.AlertRules.SingleAsync(Cancelled)).ByMail);
    }

    [Fact]
    public async Task Mails_that_were_sent_stand_in_the_settings_and_are_ended_there()
    {
        var link = await UsualLinkAsync();
        await SpikeAsync(link, 60);
        var rule = (await MakeAsync("""{"kind":"spike"}""")).Text("id");
        await LookAsync();
        await MailAsync();
        await _app.Get<MailReports>().AddAsync(_owner.Id, viewId: null, ReportRhythm.Daily, Now.AddDays(1), Cancelled);
        var visitor = new Visitor(_app);
        await visitor.SignInAsync(new(_owner.Email!, "correct horse"));
        await visitor.OpenAsync("/settings");
        Assert.Contains("Alert: A spike of clicks", visitor.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Report: All your links", visitor.Text, StringComparison.Ordinal); // none was sent yet

        await using var database = _app.OpenDatabase();
        await database.MailReports.ExecuteUpdateAsync(set => set.SetProperty(report => report.LastSentAt, (DateTimeOffset?)Now), Cancelled);
        await visitor.SendAsync("mails", ("Stop", "rule:" + rule));
        Assert.False((await database.AlertRules.SingleAsync(Cancelled)).ByMail);
        await visitor.OpenAsync("/settings");
        Assert.Contains("Report: All your links", visitor.Text, StringComparison.Ordinal);

        await visitor.SendAsync("mails", ("Stop", "report:" + (await database.MailReports.SingleAsync(Cancelled)).Id));
        Assert.False(await database.MailReports.AnyAsync(Cancelled));
    }

    [Fact]
    public async Task Alerts_are_kept_for_ninety_days_and_are_in_the_accounts_download()
    {
        var link = await UsualLinkAsync();
        await SpikeAsync(link, 60);
        await MakeAsync("""{"kind":"spike"}""");
        await LookAsync();
        await using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(await (await _app.SignedInAsync(_owner)).GetByteArrayAsync("/settings/download", Cancelled)));
        using var reader = new StreamReader(await zip.GetEntry("alerts.json")!.OpenAsync(Cancelled));
        var json = JsonElement.Parse(await reader.ReadToEndAsync(Cancelled));
        Assert.Equal("spike", Assert.Single(json.GetProperty("alerts").EnumerateArray()).Text("kind"));

        _clock.Advance(TimeSpan.FromDays(91));
        using var rounds = Rounds();
        await rounds.ForgetOldAsync(Cancelled);
        await using var database = _app.OpenDatabase();
        Assert.False(await database.Alerts.AnyAsync(Cancelled));
        Assert.True(await database.AlertRules.AnyAsync(Cancelled));
    }

    private Task<JsonElement> MakeAsync(string rule) => _client.SendAsync(HttpMethod.Post, "/api/v1/alerts/rules", rule).JsonAsync(201);

    /// <summary>A link that has had four clicks in every hour of some weeks.</summary>
    private async Task<Link> UsualLinkAsync(TimeSpan until = default)
    {
        var link = await _app.AddAsync(Some.Link(owner: _owner, createdAt: Now.AddDays(-60), longUrl: new Uri(new Uri(_receiver.Url), "/there").AbsoluteUri));
        var end = Now - until;
        await _app.AddAsync(Enumerable.Range(0, Weeks * 7 * 24 * 4).Select(i => Some.Click(link, end.AddMinutes(-(15 * i) - 17), visitor: i)));
        return link;
    }

    /// <summary>So many clicks in the last full hour, with the usual ones.</summary>
    private Task SpikeAsync(Link link, int count, TimeSpan ago = default)
    {
        var hour = _clock.GetUtcNow() - ago;
        hour = hour.AddMinutes(-hour.Minute - 30);
        var usual = hour <= Now ? 4 : 0;
        return _app.AddAsync(Enumerable.Range(0, count - usual).Select(i => Some.Click(link, hour.AddSeconds(i), visitor: 10_000 + i)));
    }

    private AlertRounds Rounds() => new(
        _app.Get<IDbContextFactory<SpooDbContext>>(), _app.Get<SpooDatabase>(), _app.Get<AlertWatch>(), _clock, NullLogger<AlertRounds>.Instance);

    private async Task LookAsync()
    {
        using var rounds = Rounds();
        await rounds.LookAsync(Cancelled);
    }

    private async Task MailAsync(IMailer? mailer = null)
    {
        using var rounds = new AlertMailRounds(
            mailer ?? _post, _app.Get<RaisedAlerts>(), _app.Get<MailStops>(), _app.Get<ShorteningOptions>(), _app.Get<IServiceScopeFactory>(), _clock, NullLogger<AlertMailRounds>.Instance);
        await rounds.SendDueAsync(Cancelled);
    }

    private async Task DeliverAsync()
    {
        var queue = _app.Get<WebhookQueue>();
        foreach (var endpoint in await queue.DueAsync(10, Cancelled))
        {
            await queue.DeliverAsync(endpoint, Cancelled);
        }
    }
}
