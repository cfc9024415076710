using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;

namespace Spoo.Tests.Support;

/// <summary>Things whose details do not matter. A test names what does matter and takes the rest from here.</summary>
public static class Some
{
    private static readonly PasswordHasher<Link> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 1 }));

    private static int _number;

    /// <summary>A Wednesday, far from any change of clocks.</summary>
    public static DateTimeOffset Noon { get; } = new(2026, 2, 18, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A text that no other call returns.</summary>
    public static string Unique(string start) => string.Create(CultureInfo.InvariantCulture, $"{start}{Interlocked.Increment(ref _number)}");

    /// <summary>A link's password as it is kept, but without the rounds that make a real one hard to guess: whoever compares with it makes as many as it says.</summary>
    public static string PasswordHash(string password) => Hasher.HashPassword(null!, password);

    public static SpooUser User(string? email = null)
    {
        email ??= Unique("someone") + "@example.com";
        return new SpooUser { Id = PublicId.New(Noon), UserName = email, Email = email, CreatedAt = Noon };
    }

    /// <summary>A link made an hour before <see cref="Noon"/>.</summary>
    /// <param name="id">0: the database gives it one.</param>
    public static Link Link(
        string? shortCode = null,
        SpooUser? owner = null,
        DateTimeOffset? createdAt = null,
        bool? privateStats = null,
        string longUrl = "https://example.com/page",
        long id = 0) => new()
        {
            Id = id,
            PublicId = PublicId.New(Noon),
            OwnerId = owner?.Id,
            ShortCode = shortCode ?? Unique("code"),
            LongUrl = longUrl,
            CreatedAt = createdAt ?? Noon.AddHours(-1),
            PrivateStats = privateStats,
        };

    /// <summary>A click on a link that is stored already; anything else about it is said using <c>with</c>.</summary>
    public static ClickFacts Click(Link link, DateTimeOffset? at = null, long visitor = 1) => new()
    {
        LinkId = link.Id,
        ShortCode = link.ShortCode,
        Time = at ?? Noon,
        Visitor = visitor,
        Trigger = ClickSource.FollowedLink,
    };

    /// <summary>A click of which everything is known.</summary>
    public static ClickFacts Full(Link link, DateTimeOffset? at = null, long visitor = 1) => Click(link, at, visitor) with
    {
        Browser = "Chrome",
        Os = "macOS",
        Device = "desktop",
        IsBot = true,
        BotRule = "Googlebot",
        Country = "DE",
        Region = "Berlin",
        City = "Berlin",
        Language = "de",
        Referrer = "example.org",
        ReferrerUrl = "https://example.org/",
        UtmSource = "newsletter",
        UtmMedium = "email",
        UtmCampaign = "spring",
        Trigger = ClickSource.Qr,
        Target = "DE",
        RedirectMs = 12,
    };

    /// <summary>All clicks of one link in a range.</summary>
    public static ClickSelection ClicksOf(Link link, DateTimeOffset start, DateTimeOffset end) => new()
    {
        OwnerId = link.OwnerId,
        Links = [new CountedLink(link.Id, link.DomainHost, link.ShortCode, link.OwnerId, link.CreatedAt)],
        Range = new TimeRange(start, end, TimeZoneInfo.Utc),
    };

    /// <summary>These clicks as the writer of this number would store them.</summary>
    public static ClickBatch Batch(int writer, IEnumerable<ClickFacts> clicks)
    {
        var batch = new ClickBatch();
        foreach (var (sequence, click) in clicks.Index())
        {
            var agent = new ClickAgent
            {
                Id = ContentKey.Of(click.Browser, click.Os, click.Device, click.IsBot ? "bot" : null, click.BotRule),
                Browser = click.Browser,
                Os = click.Os,
                Device = click.Device,
                IsBot = click.IsBot,
                BotRule = click.BotRule,
                Given = GivenFacts.Browser | GivenFacts.Os | GivenFacts.Device | GivenFacts.Bot,
            };
            var place = ClickPlace.Of(click.Country, click.Region, click.City);
            var source = ClickSource.Of(click.Referrer, click.ReferrerUrl, click.UtmSource, click.UtmMedium, click.UtmCampaign, click.Trigger, click.Target);
            var row = new Click
            {
                Id = new ClickId(writer, sequence + 1).Packed,
                LinkId = click.LinkId,
                Time = click.Time,
                Visitor = click.Visitor,
                AgentId = agent.Id,
                PlaceId = place.Id,
                SourceId = source.Id,
                Language = click.Language,
                RedirectMs = click.RedirectMs,
            };
            batch.Add(row, agent, place, source);
        }

        return batch;
    }
}
