using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Spoo.Data.Links;
using Spoo.Tests.Support;
using Spoo.Web.Api.Numbers;

namespace Spoo.Tests.Api;

/// <summary>Clicks as they come, for programs that listen.</summary>
public sealed class LiveApiTests(SpooApp app) : IClassFixture<SpooApp>
{
    private const string Address = "/api/v1/stats/live";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_listens_is_told_of_each_click_once_and_of_nobody_elses()
    {
        var (owner, stranger) = (await app.AddUserAsync(), await app.AddUserAsync());
        var (mine, theirs) = (await app.AddAsync(Some.Link(owner: owner)), await app.AddAsync(Some.Link(owner: stranger)));
        await ClickAsync(mine);
        using var client = app.WithToken(await app.AddKeyAsync(owner));
        var events = ListenAsync(client, Address).GetAsyncEnumerator(Cancelled);
        Assert.Equal(mine.ShortCode, CodeOf(await NextAsync(events, "click")));
        Assert.Equal(1, (await NextAsync(events, "now")).Data.GetProperty("people").GetInt64());

        await ClickAsync(theirs);
        await ClickAsync(mine);

        var second = await NextAsync(events, "click");
        Assert.Equal(mine.ShortCode, CodeOf(second));
        Assert.Equal("Firefox", second.Data.GetProperty("browser").GetString());
        await events.DisposeAsync();

        // A program that asks again is not told again what it knows.
        client.DefaultRequestHeaders.Add("Last-Event-ID", second.Id);
        events = ListenAsync(client, Address).GetAsyncEnumerator(Cancelled);
        Assert.True(await events.MoveNextAsync());
        Assert.Equal("now", events.Current.Type);
        await events.DisposeAsync();
    }

    [Fact]
    public async Task One_link_of_ones_own_can_be_listened_to_alone()
    {
        var owner = await app.AddUserAsync();
        var (one, other) = (await app.AddAsync(Some.Link(owner: owner)), await app.AddAsync(Some.Link(owner: owner)));
        var theirs = await app.AddAsync(Some.Link(owner: await app.AddUserAsync()));
        await ClickAsync(other);
        await ClickAsync(one);
        using var client = app.WithToken(await app.AddKeyAsync(owner));

        var events = ListenAsync(client, $"{Address}?short_code={one.ShortCode}").GetAsyncEnumerator(Cancelled);

        Assert.Equal(one.ShortCode, CodeOf(await NextAsync(events, "click")));
        Assert.Equal(1, (await NextAsync(events, "now")).Data.GetProperty("people").GetInt64());
        await events.DisposeAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"{Address}?short_code={theirs.ShortCode}", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task An_account_listens_to_so_many_streams_and_to_more_when_some_have_ended()
    {
        using var client = app.WithToken(await app.AddKeyAsync(await app.AddUserAsync()));
        var open = new List<HttpResponseMessage>();
        for (var i = 0; i < LiveStreams.MostOfAccount; i++)
        {
            open.Add(await client.GetAsync(Address, HttpCompletionOption.ResponseHeadersRead, Cancelled));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await client.GetAsync(Address, Cancelled)).StatusCode);

        open.ForEach(answer => answer.Dispose());
        await app.UntilAsync(() => app.Get<LiveStreams>().Open == 0);
        using var again = await client.GetAsync(Address, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    private async Task ClickAsync(Link link)
    {
        using var visitor = app.Anonymous();
        visitor.DefaultRequestHeaders.Add("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0");
        Assert.Equal(HttpStatusCode.Found, (await visitor.GetAsync("/" + link.ShortCode, Cancelled)).StatusCode);
        await app.StoredAsync();
    }

    private static async Task<Event> NextAsync(IAsyncEnumerator<Event> events, string type)
    {
        while (await events.MoveNextAsync())
        {
            if (events.Current.Type == type)
            {
                return events.Current;
            }
        }

        throw new EndOfStreamException($"no event {type} came");
    }

    private static async IAsyncEnumerable<Event> ListenAsync(HttpClient client, string address)
    {
        using var answer = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        await using var body = await answer.Content.ReadAsStreamAsync(Cancelled);
        await foreach (var item in SseParser.Create(body).EnumerateAsync(Cancelled))
        {
            yield return new Event(item.EventType, item.EventId, JsonElement.Parse(item.Data));
        }
    }

    private static string? CodeOf(Event click) => click.Data.GetProperty("short_code").GetString();

    private sealed record Event(string Type, string? Id, JsonElement Data);
}
