using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Journal;
using Spoo.Data.Clicks.Storing;
using Spoo.Tests.Support;

namespace Spoo.Tests.Clicks.Storing;

/// <summary>Strangers choose referrers, parameters and User-Agents: what they add for good is bounded, and no click is lost for it.</summary>
public sealed class NewValuesTests
{
    private const int Bound = 5;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Made_up_values_fill_no_tables_and_their_clicks_count()
    {
        await using var app = new SpooApp { Settings = { ["Clicks:NewValuesPerHour"] = "5" } };
        var owner = await app.AddUserAsync();
        var link = await app.AddAsync(Some.Link(owner: owner));
        using var visitor = app.Anonymous();
        for (var number = 0; number < 60; number++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/{link.ShortCode}?utm_source=s{number}&utm_campaign=c{number}");
            request.Headers.TryAddWithoutValidation("User-Agent", $"Made/{number}.{number} (up; by) Visitor{number}");
            request.Headers.Add("Referer", $"https://site{number}.example/page{number}");
            await visitor.SendAsync(request, Cancelled);
        }

        await app.StoredAsync();
        using var client = await app.WithKeyAsync(owner);
        var report = await client.JsonAsync("/api/v1/stats?group_by=utm_source,referrer,utm_medium&limit=100");

        await using var database = app.OpenDatabase();
        Assert.Equal(60, report.GetProperty("summary").GetProperty("total_clicks").GetInt32());

        // As they are, without their texts, and as others: those without a name of their own differ by what was not chosen.
        Assert.InRange(await database.ClickSources.CountAsync(Cancelled), Bound, (2 * Bound) + 2);
        Assert.InRange(await database.ClickAgents.CountAsync(Cancelled), Bound, (2 * Bound) + 2);
        var sources = report.GetProperty("metrics").GetProperty("clicks_by_utm_source").EnumerateArray()
            .ToDictionary(row => row.Text("utm_source"), row => row.GetProperty("clicks").GetInt32());
        Assert.Equal(60, sources.Values.Sum());
        Assert.InRange(sources[ClickSource.Other], 60 - (2 * Bound) - 2, 59);

        // What was not sent is not another value but none.
        Assert.Equal("(none)", Assert.Single(report.GetProperty("metrics").GetProperty("clicks_by_utm_medium").EnumerateArray()).Text("utm_medium"));
    }

    [Fact]
    public void A_place_too_many_is_its_country()
    {
        var bound = new NewValues(new ClickOptions { NewValuesPerHour = 1 });

        Assert.Equal("Kassel", bound.Bounded(ClickPlace.Of("DE", "Hesse", "Kassel"), 1, Some.Noon).Place.City);
        var (place, isItself) = bound.Bounded(ClickPlace.Of("DE", "Hesse", "Fulda"), 1, Some.Noon);
        Assert.Equal(("DE", null, null, false), (place.Country, place.Region, place.City, isItself));
        Assert.True(bound.Bounded(ClickPlace.Of("DE", "Hesse", "Fulda"), 2, Some.Noon).IsItself);
        Assert.True(bound.Bounded(ClickPlace.Of("DE", "Hesse", "Fulda"), 1, Some.Noon.AddHours(1)).IsItself);
    }

    [Fact]
    public void Every_link_and_every_hour_begins_anew()
    {
        var bound = new NewValues(new ClickOptions { NewValuesPerHour = 1 });

        Assert.True(bound.Bounded(Source(1), 1, Some.Noon).IsItself);
        Assert.False(bound.Bounded(Source(2), 1, Some.Noon).IsItself);
        Assert.True(bound.Bounded(Source(2), 2, Some.Noon).IsItself);
        Assert.True(bound.Bounded(Source(3), 1, Some.Noon.AddHours(1)).IsItself);
        Assert.False(bound.Bounded(Source(4), 1, Some.Noon.AddMinutes(59)).IsItself);
    }

    [Fact]
    public void What_is_one_too_many_keeps_its_domain_before_it_becomes_another()
    {
        var bound = new NewValues(new ClickOptions { NewValuesPerHour = 1 });
        bound.Bounded(Source(1), 1, Some.Noon);

        Assert.Equal(("site2.example", null), Of(bound.Bounded(Source(2), 1, Some.Noon).Source));
        Assert.Equal(("site2.example", null), Of(bound.Bounded(Source(2, "/other"), 1, Some.Noon).Source));
        Assert.Equal((ClickSource.Other, null), Of(bound.Bounded(Source(3), 1, Some.Noon).Source));

        static (string?, string?) Of(ClickSource source) => (source.Referrer, source.ReferrerUrl);
    }

    private static ClickSource Source(int number, string page = "/") =>
        ClickSource.Of($"site{number}.example", $"https://site{number}.example{page}", null, null, null);
}
