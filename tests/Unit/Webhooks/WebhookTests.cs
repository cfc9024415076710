using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Data.Links;
using Spoo.Data.Links.Blocks;
using Spoo.Data.Webhooks;
using Spoo.Tests.Support;

namespace Spoo.Tests.Webhooks;

/// <summary>What happens to links is told to the endpoints of their account, once it is true, until it has arrived.</summary>
[OnEveryDatabase]
public sealed class WebhookTests : IAsyncLifetime
{
    private const string Chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly SpooApp _app;
    private Receiver _receiver = null!;
    private SpooUser _owner = null!;
    private HttpClient _client = null!;

    public WebhookTests() => _app = new SpooApp
    {
        Clock = _clock,
        Settings = new() { ["Webhooks:AllowPrivateAddresses"] = "true", ["Webhooks:Timeout"] = "00:00:00.5", ["Links:PublicUrl"] = "https://sp.example" },

        // Each test says itself when something is delivered.
        Register = services =>
        {
            services.Remove(services.Single(service => service.ServiceType == typeof(IHostedService) && service.ImplementationFactory?.Method.ReturnType == typeof(WebhookRounds)));
            services.Remove(services.Single(service => service.ImplementationType == typeof(LinkExpiryRounds)));
            services.AddSingleton<LinkExpiryRounds>();
        },
    };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _receiver = await Receiver.StartAsync();
        _owner = await _app.AddUserAsync();
        _client = await _app.WithKeyAsync(_owner);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_link_made_changed_and_deleted_is_told_in_that_order_and_signed()
    {
        var secret = (await SubscribeAsync("link.*")).Text("signing_secret");
        var link = await ShortenAsync("""{"long_url":"https://example.com/soon","alias":"launch","tags":["spring"],"title":"Launch"}""");
        _clock.Advance(TimeSpan.FromSeconds(1));
        await _client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{link}", """{"long_url":"https://example.com/launch","password":"secret-word-1","max_clicks":5}""").JsonAsync();
        await _client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{link}", """{"long_url":"https://example.com/launch"}""").JsonAsync();
        await _client.SendAsync(HttpMethod.Delete, $"/api/v1/urls/{link}").JsonAsync();

        await DeliverAsync();

        Assert.Equal(["link.created", "link.updated", "link.deleted"], _receiver.All.Select(received => received.Type));
        Assert.All(_receiver.All, received => Assert.True(received.IsSignedWith(secret)));
        Assert.All(_receiver.All, received => Assert.Matches("^msg_[0-9a-f]{32}$", received.Id));
        Assert.Equal(("Spoo-Webhooks/1.0", "application/json; charset=utf-8"), (_receiver.All[0].UserAgent, _receiver.All[0].ContentType));
        Assert.Equal(_clock.GetUtcNow().ToUnixTimeSeconds(), _receiver.All[0].Timestamp);
        var made = _receiver.All[0].Json;
        Assert.Matches("^evt_[0-9a-f]{32}$", made.Text("id"));
        Assert.Equal("2026-06-01T12:00:00Z", made.Text("timestamp"));
        var told = made.GetProperty("data").GetProperty("link");
        Assert.Equal((link, "launch", "sp.example", "https://sp.example/launch"), (told.Text("link_id"), told.Text("alias"), told.Text("domain"), told.Text("short_url")));
        Assert.Equal("spring", told.GetProperty("tags")[0].GetString());
        var changes = _receiver.All[1].Json.GetProperty("data").GetProperty("changes");
        Assert.Equal(["long_url", "password_protected", "max_clicks"], changes.EnumerateObject().Select(change => change.Name));
        Assert.Equal(("https://example.com/soon", "https://example.com/launch"), (changes.GetProperty("long_url").Text("old"), changes.GetProperty("long_url").Text("new")));
        Assert.True(changes.GetProperty("password_protected").GetProperty("new").GetBoolean());
        Assert.DoesNotContain("secret-word-1", string.Concat(_receiver.All.Select(received => received.Body)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_has_the_fields_of_the_official_document_and_no_others()
    {
        string[] fields =
        [
            "consecutive_failures", "created_at", "description", "disabled_reason", "events", "flavor", "id", "last_delivery_at", "last_failure_reason", "last_success_at", "scope_links",
            "signing_secret_prefix", "status", "total_deliveries", "total_successes", "url",
        ];

        var made = await SubscribeAsync("link.*");

        Assert.Equal([.. fields.Append("signing_secret").Order(StringComparer.Ordinal)], made.EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal));
        Assert.Equal(fields, (await EndpointAsync(made.Text("id"))).EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_package_of_the_standard_finds_the_signature_right_and_a_changed_body_wrong()
    {
        var secret = (await SubscribeAsync("link.created")).Text("signing_secret");
        await ShortenAsync();
        await DeliverAsync();
        var received = Assert.Single(_receiver.All);

        var verifier = new StandardWebhooks.StandardWebhook(secret);
        var signature = verifier.Sign(received.Id, DateTimeOffset.FromUnixTimeSeconds(received.Timestamp), received.Body);
        Assert.Equal([signature], received.Signatures);
        Assert.False((received with { Body = received.Body + " " }).IsSignedWith(secret));
        Assert.False(received.IsSignedWith("whsec_" + Convert.ToBase64String(new byte[24])));
    }

    [Fact]
    public async Task While_a_secret_changes_both_sign_and_after_a_day_only_the_new_one()
    {
        var endpoint = await SubscribeAsync("link.created");
        var person = await _app.ScriptOfAsync(_owner);
        var address = $"/api/v1/webhooks/{endpoint.Text("id")}/secret";
        Assert.Equal(endpoint.Text("signing_secret"), (await person.JsonAsync(address)).Text("signing_secret"));
        await _client.ProblemAsync(address, 403, "forbidden");
        await _client.SendAsync(HttpMethod.Post, address).ProblemAsync(403, "forbidden");

        var renewed = (await person.SendAsync(HttpMethod.Post, address).JsonAsync()).Text("signing_secret");
        await ShortenAsync();
        await DeliverAsync();
        _clock.Advance(TimeSpan.FromHours(24));
        await ShortenAsync();
        await DeliverAsync();

        Assert.NotEqual(endpoint.Text("signing_secret"), renewed);
        Assert.Equal([2, 1], _receiver.All.Select(received => received.Signatures.Count));
        Assert.True(_receiver.All[0].IsSignedWith(endpoint.Text("signing_secret")) && _receiver.All[0].IsSignedWith(renewed));
        Assert.True(_receiver.All[1].IsSignedWith(renewed) && !_receiver.All[1].IsSignedWith(endpoint.Text("signing_secret")));
        await using var database = _app.OpenDatabase();
        Assert.DoesNotContain(renewed["whsec_".Length..], (await database.WebhookEndpoints.SingleAsync(Cancelled)).Secret, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_fails_is_tried_again_under_the_same_id_after_the_pauses_of_the_schedule_and_then_given_up()
    {
        var endpoint = (await SubscribeAsync("link.created")).Text("id");
        _receiver.Answer = Receiver.Status(500, "out of order");
        await ShortenAsync();
        var times = new List<TimeSpan>();
        var started = _clock.GetUtcNow();
        for (var minutes = 0; minutes < 24 * 60; minutes++)
        {
            if (await DeliverAsync())
            {
                times.Add(_clock.GetUtcNow() - started);
            }

            _clock.Advance(minutes == 0 ? TimeSpan.FromSeconds(5) : TimeSpan.FromMinutes(1));
        }

        Assert.Equal(7, _receiver.All.Count);
        Assert.Single(_receiver.All.Select(received => (received.Id, received.Body)).Distinct());
        Assert.Equal([0, 5], times.Take(2).Select(time => (int)time.TotalSeconds));
        Assert.Equal([5, 35, 155, 455, 1055], times.Skip(2).Select(time => (int)time.TotalMinutes));
        var delivery = (await _client.JsonAsync($"/api/v1/webhooks/{endpoint}/deliveries?status=failed")).GetProperty("deliveries")[0];
        Assert.Equal((7, 7), (delivery.GetProperty("attempt_count").GetInt32(), delivery.GetProperty("attempts").GetArrayLength()));
        var attempt = delivery.GetProperty("attempts")[6];
        Assert.Equal((500, "it answers 500", "out of order"), (attempt.GetProperty("status_code").GetInt32(), attempt.Text("error"), attempt.Text("response_body")));
        Assert.Equal(1, (await _client.JsonAsync($"/api/v1/webhooks/{endpoint}")).GetProperty("consecutive_failures").GetInt32());

        // By hand, once it works again.
        _receiver.Answer = null;
        var again = await _client.SendAsync(HttpMethod.Post, $"/api/v1/webhooks/{endpoint}/deliveries/{delivery.Text("id")}/retry").JsonAsync();
        Assert.Equal(("success", 8), (again.Text("status"), again.GetProperty("attempt_count").GetInt32()));
        Assert.Equal(_receiver.All[0].Id, _receiver.All[^1].Id);
        Assert.Equal(again.Text("webhook_id"), _receiver.All[^1].Id);
    }

    [Fact]
    public async Task After_a_short_absence_everything_arrives_in_its_order()
    {
        await SubscribeAsync("link.created");
        _receiver.Answer = Receiver.Status(503);
        var links = new List<string> { await ShortenAsync(), await ShortenAsync(), await ShortenAsync() };
        await DeliverAsync();
        Assert.Single(_receiver.All);
        Assert.Equal((0, 1), (_app.Get<WebhookQueue>().Arrived, _app.Get<WebhookQueue>().Failed));

        _receiver.Answer = null;
        await DeliverAsync();
        Assert.Single(_receiver.All);
        _clock.Advance(TimeSpan.FromSeconds(5));
        await DeliverAsync();

        Assert.Equal((3, 1), (_app.Get<WebhookQueue>().Arrived, _app.Get<WebhookQueue>().Failed));
        Assert.Equal(links, _receiver.All.Skip(1).Select(received => received.Json.GetProperty("data").GetProperty("link").Text("link_id")));
    }

    [Fact]
    public async Task An_endpoint_is_switched_off_when_ten_in_a_row_are_given_up_and_its_owner_is_told()
    {
        var endpoint = (await SubscribeAsync("link.created")).Text("id");
        _receiver.Answer = Receiver.Status(500);
        for (var i = 0; i < WebhookQueue.MostFailures; i++)
        {
            await ShortenAsync();
        }

        for (var hours = 0; hours < 60 && (await EndpointAsync(endpoint)).Text("status") == "active"; hours++)
        {
            for (var turn = 0; turn < 30 && await DeliverAsync(); turn++)
            {
                _clock.Advance(TimeSpan.FromSeconds(5));
            }

            _clock.Advance(TimeSpan.FromHours(1));
        }

        var off = await EndpointAsync(endpoint);
        Assert.Equal(("disabled", "consecutive_failures", 10), (off.Text("status"), off.Text("disabled_reason"), off.GetProperty("consecutive_failures").GetInt32()));
        Assert.Contains(await _app.Get<SecurityLog>().ListAsync(_owner.Id, 10, Cancelled), happened => happened is { Kind: SecurityEventKind.WebhookStopped, Detail: "127.0.0.1" });
        await _client.SendAsync(HttpMethod.Patch, $"/api/v1/webhooks/{endpoint}", """{"status":"disabled"}""").ProblemAsync(400, "validation_error");
        var on = await _client.SendAsync(HttpMethod.Patch, $"/api/v1/webhooks/{endpoint}", """{"status":"active"}""").JsonAsync();
        Assert.Equal(("active", 0, JsonValueKind.Null), (on.Text("status"), on.GetProperty("consecutive_failures").GetInt32(), on.GetProperty("disabled_reason").ValueKind));
    }

    [Fact]
    public async Task Gone_is_for_ever_and_too_many_is_no_attempt()
    {
        var endpoint = (await SubscribeAsync("link.created")).Text("id");
        _receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = "40";
            return Task.CompletedTask;
        };
        await ShortenAsync();
        await DeliverAsync();
        _clock.Advance(TimeSpan.FromSeconds(39));
        Assert.False(await DeliverAsync());
        _clock.Advance(TimeSpan.FromSeconds(1));
        _receiver.Answer = Receiver.Status(410);
        await DeliverAsync();

        Assert.Equal(2, _receiver.All.Count);
        var delivery = (await _client.JsonAsync($"/api/v1/webhooks/{endpoint}/deliveries")).GetProperty("deliveries")[0];
        Assert.Equal(("failed", 1), (delivery.Text("status"), delivery.GetProperty("attempt_count").GetInt32()));
        Assert.Equal(("disabled", "gone"), ((await EndpointAsync(endpoint)).Text("status"), (await EndpointAsync(endpoint)).Text("disabled_reason")));
    }

    [Fact]
    public async Task Nobody_is_followed_and_no_long_answer_is_waited_for()
    {
        var endpoint = (await SubscribeAsync("link.created")).Text("id");
        _receiver.Answer = (_, context) =>
        {
            context.Response.Redirect(_receiver.Url, permanent: true);
            return Task.CompletedTask;
        };
        var moved = await TestAsync(endpoint);
        _receiver.Answer = (_, context) => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        var silent = await TestAsync(endpoint);
        _receiver.Answer = Receiver.Status(200, new string('x', 100_000) + "\0");
        var chatty = await TestAsync(endpoint);

        Assert.Equal(3, _receiver.All.Count);
        Assert.Equal(("failed", 301), (moved.Text("status"), moved.GetProperty("attempts")[0].GetProperty("status_code").GetInt32()));
        Assert.Equal(("failed", "no answer within 0.5 seconds"), (silent.Text("status"), silent.GetProperty("attempts")[0].Text("error")));
        Assert.Equal(("success", 256), (chatty.Text("status"), chatty.GetProperty("attempts")[0].Text("response_body").Length));
        Assert.Equal((0, 0), ((await EndpointAsync(endpoint)).GetProperty("total_deliveries").GetInt32(), (await EndpointAsync(endpoint)).GetProperty("consecutive_failures").GetInt32()));

        async Task<JsonElement> TestAsync(string id) => await _client.SendAsync(HttpMethod.Post, $"/api/v1/webhooks/{id}/test", "{}").JsonAsync();
    }

    [Fact]
    public async Task A_process_that_ends_between_the_event_and_its_arrival_loses_nothing()
    {
        await SubscribeAsync("link.created");
        var link = await ShortenAsync();

        // Another process has taken the endpoint, has sent it, and has ended before it could say so.
        await using var database = _app.OpenDatabase();
        await database.WebhookEndpoints.ExecuteUpdateAsync(
            set => set.SetProperty(row => row.HeldBy, "another process").SetProperty(row => row.HeldUntil, _clock.GetUtcNow() + TimeSpan.FromSeconds(30)), Cancelled);
        var id = await database.WebhookDeliveries.Select(row => row.MessageId).SingleAsync(Cancelled);
        Assert.False(await DeliverAsync());
        Assert.Equal(0, await _app.Get<WebhookQueue>().DeliverAsync(await database.WebhookEndpoints.Select(row => row.Id).SingleAsync(Cancelled), Cancelled));
        Assert.Empty(_receiver.All);

        _clock.Advance(TimeSpan.FromSeconds(30));
        await DeliverAsync();

        var received = Assert.Single(_receiver.All);
        Assert.Equal((id, link), (received.Id, received.Json.GetProperty("data").GetProperty("link").Text("link_id")));
        Assert.False(await DeliverAsync());
    }

    [Fact]
    public async Task Two_nodes_deliver_each_event_once()
    {
        await SubscribeAsync("link.created");
        for (var i = 0; i < 20; i++)
        {
            await ShortenAsync();
        }

        await using var database = _app.OpenDatabase();
        var endpoint = await database.WebhookEndpoints.Select(row => row.Id).SingleAsync(Cancelled);
        var nodes = Enumerable.Range(0, 2).Select(_ => ActivatorUtilities.CreateInstance<WebhookQueue>(_app.Services)).ToList();
        await Task.WhenAll(nodes.Select(node => node.DeliverAsync(endpoint, Cancelled)));

        Assert.Equal(20, _receiver.All.Count);
        Assert.Equal(20, _receiver.All.Select(received => received.Id).Distinct().Count());
    }

    [Fact]
    public async Task An_event_whose_change_is_not_saved_is_not_told()
    {
        await SubscribeAsync("link.created");
        await ShortenAsync("""{"long_url":"https://example.com/","alias":"taken"}""");
        await _client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/","alias":"taken"}""").ProblemAsync(409, "conflict");

        await DeliverAsync();

        Assert.Single(_receiver.All);
    }

    [Fact]
    public async Task Links_that_end_by_their_clicks_or_by_the_clock_are_told_once()
    {
        await SubscribeAsync("link.expired");
        await ShortenAsync("""{"long_url":"https://example.com/","alias":"few","max_clicks":2}""");
        await ShortenAsync("""{"long_url":"https://example.com/","alias":"short","expire_after":"2026-06-01T12:10:00Z"}""");
        for (var i = 0; i < 3; i++)
        {
            await ClickAsync("few");
        }

        await ExpireAsync();
        await DeliverAsync();
        Assert.Equal("max_clicks_reached", Assert.Single(_receiver.All).Json.GetProperty("data").Text("reason"));
        _clock.Advance(TimeSpan.FromMinutes(11));
        await ExpireAsync();
        await ExpireAsync();
        await DeliverAsync();

        var data = _receiver.All[1].Json.GetProperty("data");
        Assert.Equal(2, _receiver.All.Count);
        Assert.Equal(("time_expired", "short", "EXPIRED"), (data.Text("reason"), data.GetProperty("link").Text("alias"), data.GetProperty("link").Text("status")));
    }

    [Fact]
    public async Task Clicks_are_told_one_by_one_or_together_and_never_with_an_address()
    {
        await SubscribeAsync("link.clicked");
        await SubscribeAsync("click.created");
        await ShortenAsync("""{"long_url":"https://example.com/","alias":"busy"}""");
        using var visitor = _app.Anonymous();
        visitor.DefaultRequestHeaders.Add("User-Agent", Chrome);
        visitor.DefaultRequestHeaders.Add("Referer", "https://news.example/today");
        await visitor.GetAsync("/busy?utm_source=letter", Cancelled);
        await visitor.GetAsync("/busy", Cancelled);
        await _app.StoredAsync();

        await DeliverAsync();

        var one = _receiver.All.Where(received => received.Type == "link.clicked").Select(received => received.Json.GetProperty("data")).ToList();
        Assert.Equal([1, 2], one.Select(data => data.GetProperty("total_clicks").GetInt32()));
        Assert.Equal(("busy", "https://sp.example/busy", "Chrome", "https://news.example/today", "letter"), (one[0].Text("alias"), one[0].Text("short_url"), one[0].Text("browser"), one[0].Text("referrer"), one[0].GetProperty("utm").Text("source")));
        Assert.False(one[0].GetProperty("is_bot").GetBoolean());
        var many = _receiver.All.Where(received => received.Type == "click.created").SelectMany(received => received.Json.GetProperty("data").GetProperty("clicks").EnumerateArray());
        Assert.Equal(one.Select(data => data.Text("click_id")), many.Select(click => click.Text("click_id")));
        Assert.DoesNotContain(_receiver.All, received => received.Body.Contains("127.0.0.1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_too_many_clicks_wait_the_next_event_says_how_many_were_left_out()
    {
        var endpoint = (await SubscribeAsync("link.clicked", "link.created")).Text("id");
        await ShortenAsync("""{"long_url":"https://example.com/","alias":"busy"}""");
        await using var database = _app.OpenDatabase();
        var row = await database.WebhookEndpoints.SingleAsync(Cancelled);
        database.WebhookDeliveries.AddRange(Enumerable.Range(0, WebhookOutbox.MostClicksWaiting).Select(_ => WebhookOutbox.New(row, "link.clicked", WebhookBody.NewMessageId(), "{}", _clock.GetUtcNow())));
        await database.SaveChangesAsync(Cancelled);
        await ClickAsync("busy");
        await ClickAsync("busy");

        await ShortenAsync("""{"long_url":"https://example.com/","alias":"later"}""");

        var last = await database.WebhookDeliveries.OrderByDescending(delivery => delivery.Id).Select(delivery => delivery.Body).FirstAsync(Cancelled);
        Assert.Equal(2, JsonElement.Parse(last!).GetProperty("data").GetProperty("dropped_since_last").GetInt32());
        Assert.Equal(WebhookOutbox.MostClicksWaiting + 2, (await _client.JsonAsync($"/api/v1/webhooks/{endpoint}/deliveries?status=pending")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task What_an_administrator_blocks_is_told_as_blocked_and_what_is_let_go_as_changed()
    {
        await SubscribeAsync("*");
        await ShortenAsync("""{"long_url":"https://example.com/","alias":"badlink"}""");
        await _app.Get<LinkBlocks>().BlockAsync(["badlink"], "phishing", null, Cancelled);
        await _app.Get<LinkBlocks>().UnblockAsync(["badlink"], null, Cancelled);

        await DeliverAsync();

        Assert.Equal(["link.created", "link.blocked", "link.updated"], _receiver.All.Select(received => received.Type));
        Assert.Equal("BLOCKED", _receiver.All[1].Json.GetProperty("data").GetProperty("link").Text("status"));
    }

    [Fact]
    public async Task Only_links_in_scope_of_the_account_are_told_and_nothing_while_paused()
    {
        var chosen = await ShortenAsync("""{"long_url":"https://example.com/","alias":"chosen"}""");
        var other = await ShortenAsync("""{"long_url":"https://example.com/","alias":"other"}""");
        var endpoint = (await _client.SendAsync(HttpMethod.Post, "/api/v1/webhooks", $$"""{"url":"{{_receiver.Url}}","events":["link.updated"],"scope_links":["{{chosen}}"]}""").JsonAsync(201)).Text("id");
        await EditAsync(chosen, "one");
        await EditAsync(other, "two");
        await (await _app.WithKeyAsync(await _app.AddUserAsync())).SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/"}""").JsonAsync(201);
        await _client.SendAsync(HttpMethod.Patch, $"/api/v1/webhooks/{endpoint}", """{"status":"paused"}""").JsonAsync();
        await EditAsync(chosen, "three");
        Assert.False(await DeliverAsync());
        await _client.SendAsync(HttpMethod.Patch, $"/api/v1/webhooks/{endpoint}", """{"status":"active","scope_links":null}""").JsonAsync();
        await EditAsync(other, "four");

        await DeliverAsync();

        Assert.Equal(["one", "four"], _receiver.All.Select(received => received.Json.GetProperty("data").GetProperty("link").Text("title")));

        async Task EditAsync(string id, string title) => await _client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{id}", $$"""{"title":"{{title}}"}""").JsonAsync();
    }

    [Fact]
    public async Task What_was_delivered_of_a_deleted_link_is_forgotten_and_with_the_account_everything_is()
    {
        await SubscribeAsync("*");
        var link = await ShortenAsync("""{"long_url":"https://example.com/planted-word","alias":"gone"}""");
        await DeliverAsync();
        await ClickAsync("gone");
        await _client.SendAsync(HttpMethod.Delete, $"/api/v1/urls/{link}").JsonAsync();

        await using var database = _app.OpenDatabase();
        Assert.Equal(["link.clicked", "link.deleted"], await database.WebhookDeliveries.OrderBy(row => row.Id).Select(row => row.EventType).ToListAsync(Cancelled));
        await DeliverAsync();
        Assert.Equal(3, _receiver.All.Count);
        Assert.All(await database.WebhookDeliveries.AsNoTracking().ToListAsync(Cancelled), row => Assert.Null(row.Body));

        await _app.Get<AccountRemoval>().RemoveAsync(_owner.Id, Cancelled);
        Assert.Empty(await database.WebhookEndpoints.ToListAsync(Cancelled));
        Assert.Empty(await database.WebhookDeliveries.AsNoTracking().ToListAsync(Cancelled));
    }

    private async Task<JsonElement> SubscribeAsync(params string[] events) => await _client.SendAsync(
        HttpMethod.Post, "/api/v1/webhooks", JsonSerializer.Serialize(new { url = _receiver.Url, events })).JsonAsync(201);

    private async Task<JsonElement> EndpointAsync(string id) => await _client.JsonAsync($"/api/v1/webhooks/{id}");

    private async Task<string> ShortenAsync(string body = """{"long_url":"https://example.com/"}""") =>
        (await _client.SendAsync(HttpMethod.Post, "/api/v1/shorten", body).JsonAsync(201)).Text("id");

    private async Task ClickAsync(string code)
    {
        using var visitor = _app.Anonymous();
        visitor.DefaultRequestHeaders.Add("User-Agent", Chrome);
        await visitor.GetAsync($"/{code}", Cancelled);
        await _app.StoredAsync();
    }

    private Task ExpireAsync() => _app.Get<LinkExpiryRounds>().TellAsync(Cancelled);

    /// <summary>Delivers what is due now. False: nothing is.</summary>
    private async Task<bool> DeliverAsync()
    {
        var queue = _app.Get<WebhookQueue>();
        var due = await queue.DueAsync(100, Cancelled);
        foreach (var endpoint in due)
        {
            await queue.DeliverAsync(endpoint, Cancelled);
        }

        return due.Count > 0;
    }
}
