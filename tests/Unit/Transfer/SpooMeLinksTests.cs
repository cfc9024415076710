using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Links.Targets;
using Spoo.Data.Transfer;
using Spoo.Data.Transfer.LinkFiles;
using Spoo.Tests.Support;

namespace Spoo.Tests.Transfer;

public sealed class SpooMeLinksTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Our own API is that of spoo.me, so another server of ours stands in for it.</summary>
    [Fact]
    public async Task All_links_of_an_account_at_spoo_me_come_over_page_by_page()
    {
        await using var there = new SpooApp();
        await using var here = new SpooApp();
        var (from, to) = (await there.AddUserAsync(), await here.AddUserAsync());
        for (var i = 0; i < 120; i++)
        {
            await there.AddAsync(Some.Link($"many{i:000}", from, Some.Noon.AddMinutes(i), longUrl: $"https://example.com/{i}"));
        }

        var link = Some.Link("limited", from, Some.Noon.AddDays(-3), privateStats: true);
        (link.MaxClicks, link.ExpireAfter, link.BlockBots) = (10, Some.Noon.AddYears(50), true);
        (link.Title, link.Note, link.PassPath, link.RedirectStatus, link.StartsAt, link.ArchivedAt) = ("A title", "A note", true, 301, Some.Noon.AddDays(-2), Some.Noon);
        link.Rules = TargetRules.Of([new TargetRule { Url = "https://example.de/", Countries = ["DE"], From = Some.Noon }, new TargetRule { Url = "https://example.com/half", Weight = 50 }]);
        link.Preview = new LinkPreview { Title = "A card" };
        var locked = Some.Link("locked", from);
        locked.PasswordHash = Some.PasswordHash("correct horse");
        var off = Some.Link("off", from);
        off.Status = LinkStatus.Inactive;
        await there.AddAsync(link);
        await there.AddAsync(locked);
        await there.AddAsync(off);
        using var client = there.CreateClient();
        var heard = new Heard();

        await using var file = await new SpooMeLinks(TimeProvider.System) { Pause = TimeSpan.Zero }
            .ReadAsync(client, await there.AddKeyAsync(from, ApiKeyScope.UrlsRead), heard, Cancelled);
        var plan = await here.Get<LinkImport>().ReadAsync(new LinkFileToImport { Name = "spoo.me", Content = file, OwnerId = to.Id }, Cancelled);
        var made = await here.Get<LinkImport>().StoreAsync(plan, to.Id, null, Cancelled);

        Assert.Empty(plan.BadLines.Select(bad => bad.Reason.ToString()));
        Assert.Equal((123, 0, 1), (made.Links, plan.Bad, plan.HadPassword));
        Assert.Equal([100, 123], heard.Counts);
        Assert.Equal("spoo.me", Assert.Single(plan.Files).Format.Name);
        await using var database = here.OpenDatabase();
        var links = await database.Links.ToDictionaryAsync(row => row.ShortCode, Cancelled);
        Assert.Equal(("https://example.com/119", Some.Noon.AddMinutes(119)), (links["many119"].LongUrl, links["many119"].CreatedAt));
        Assert.Equal(
            (link.CreatedAt, link.MaxClicks, link.ExpireAfter, link.BlockBots, link.PrivateStats),
            (links["limited"].CreatedAt, links["limited"].MaxClicks, links["limited"].ExpireAfter, links["limited"].BlockBots, links["limited"].PrivateStats));
        Assert.Equal((link.Title, link.Note, link.PassPath, link.RedirectStatus, link.StartsAt, link.Rules, link.Preview), Beside(links["limited"]));
        Assert.Equal([true, false], new[] { links["limited"], links["off"] }.Select(one => one.ArchivedAt is not null));
        Assert.Empty(plan.UnknownColumns);
        Assert.Equal((LinkStatus.Inactive, LinkStatus.Inactive), (links["locked"].Status, links["off"].Status));

        static (string?, string?, bool?, int?, DateTimeOffset?, TargetRules?, LinkPreview?) Beside(Link link) =>
            (link.Title, link.Note, link.PassPath, link.RedirectStatus, link.StartsAt, link.Rules, link.Preview);
    }

    [Fact]
    public async Task Who_is_told_to_wait_waits_and_asks_again()
    {
        var clock = new FakeTimeProvider(Some.Noon);
        var server = new Answering(
            (HttpStatusCode.TooManyRequests, "{}", TimeSpan.FromSeconds(30)),
            (HttpStatusCode.OK, """{"items":[{"alias":"a","long_url":"https://example.com/","total_clicks":0}],"hasNext":false}""", null));
        using var client = new HttpClient(server) { BaseAddress = new Uri("https://spoo.example/") };

        var reading = new SpooMeLinks(clock).ReadAsync(client, "key", null, Cancelled);
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(1, server.Asked);
        clock.Advance(TimeSpan.FromSeconds(1));
        await using var file = await reading;

        Assert.Equal((2, "Bearer key"), (server.Asked, server.Authorization));
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, "{}", null, "does not take the key (401)")]
    [InlineData(HttpStatusCode.NotFound, "{}", null, "answers 404")]
    [InlineData(HttpStatusCode.Moved, "", null, "answers 301")]
    [InlineData(HttpStatusCode.OK, "<html>", null, "does not answer as spoo.me does")]
    [InlineData(HttpStatusCode.OK, "{}", null, "does not answer as spoo.me does")]
    [InlineData(HttpStatusCode.OK, """{"items":[],"hasNext":false}""", null, "has no links")]
    [InlineData(HttpStatusCode.TooManyRequests, "{}", 7_200, "takes no more calls for 120 minutes")]
    public async Task What_is_wrong_is_said(HttpStatusCode status, string body, int? retryAfter, string said)
    {
        using var client = new HttpClient(new Answering((status, body, retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null))) { BaseAddress = new Uri("https://spoo.example/") };

        var refused = await Assert.ThrowsAsync<ClickFileException>(() => new SpooMeLinks(TimeProvider.System).ReadAsync(client, "key", null, Cancelled));

        Assert.StartsWith("spoo.example", refused.Message.Replace("The account at ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
    }

    private sealed class Heard : IProgress<int>
    {
        public List<int> Counts { get; } = [];

        public void Report(int value) => Counts.Add(value);
    }

    private sealed class Answering(params (HttpStatusCode Status, string Body, TimeSpan? RetryAfter)[] answers) : HttpMessageHandler
    {
        public int Asked { get; private set; }

        public string? Authorization { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var (status, body, retryAfter) = answers[Asked++];
            Authorization = request.Headers.Authorization?.ToString();
            var answer = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            answer.Headers.RetryAfter = retryAfter is { } wait ? new(wait) : null;
            return Task.FromResult(answer);
        }
    }
}
