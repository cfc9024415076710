using System.Net.Http.Headers;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Links;
using Spoo.Tests.Support;

namespace Spoo.Tests.Api.ShortIo;

/// <summary>An account with links and clicks, and a client that calls as Short.io's do: with the key alone in its header.</summary>
internal sealed class ShortIoHouse : IAsyncDisposable
{
    private readonly bool _isShared;

    private ShortIoHouse(SpooApp app, bool isShared, SpooUser owner, HttpClient client) => (App, _isShared, Owner, Client) = (app, isShared, owner, client);

    public SpooApp App { get; }

    public SpooUser Owner { get; }

    public HttpClient Client { get; }

    public static Task<ShortIoHouse> BuildAsync(DateTimeOffset? now = null) => OpenAsync(new SpooApp { Clock = new FakeTimeProvider(now ?? Some.Noon) }, isShared: false);

    /// <summary>In a server that was there before and stays, where any code is free again.</summary>
    public static async Task<ShortIoHouse> BuildInAsync(SpooApp shared)
    {
        await shared.FreeCodesAsync();
        return await OpenAsync(shared, isShared: true);
    }

    /// <summary>What the <c>requests</c> of Python sends.</summary>
    public static HttpClient Presenting(SpooApp app, string authorization)
    {
        var client = app.Anonymous();
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*"));
        client.DefaultRequestHeaders.TryAddWithoutValidation("authorization", authorization);
        client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "python-requests/2.32.3");
        return client;
    }

    public Task<Link> AddLinkAsync(string? code = null, DateTimeOffset? createdAt = null) =>
        App.AddAsync(Some.Link(code, Owner, createdAt));

    public ValueTask DisposeAsync() => _isShared ? ValueTask.CompletedTask : App.DisposeAsync();

    /// <summary>Clicks that give every list of an answer a row.</summary>
    public static ClickFacts Full(Link link, DateTimeOffset? at = null) => Some.Click(link, at) with
    {
        Browser = "Chrome",
        Os = "macOS",
        Device = "desktop",
        Country = "US",
        Region = "Virginia",
        City = "Ashburn",
        Referrer = "t.co",
        UtmSource = "news",
        UtmMedium = "mail",
        UtmCampaign = "spring",
    };

    private static async Task<ShortIoHouse> OpenAsync(SpooApp app, bool isShared)
    {
        var owner = await app.AddUserAsync();
        return new ShortIoHouse(app, isShared, owner, Presenting(app, await app.AddKeyAsync(owner)));
    }
}
