using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Tests.Support;
using Spoo.Web.Words;

namespace Spoo.Tests.Stats.Question;

/// <summary>What people read of a value is what a filter by a part finds it by, whatever is stored for it and in whichever language it is read.</summary>
public sealed class FilterNamesTests(SpooApp app) : IClassFixture<SpooApp>
{
    /// <summary>Values that are shown as something else than what is stored.</summary>
    private static readonly Dictionary<Dimension, string[]> Stored = new()
    {
        [Dimension.Country] = ["DE", "GB", "T1"],
        [Dimension.Language] = ["de", "zh"],
        [Dimension.Channel] = [.. Channels.All],
        [Dimension.BotRule] = [Bots.EmptyRule, Bots.ImportedRule],
        [Dimension.Trigger] = [ClickSource.Qr, ClickSource.FollowedLink],
        [Dimension.Device] = ["desktop", "mobile", "tablet", "other"],
        [Dimension.VisitorType] = [Dimension.Human, Dimension.Bot],
    };

    public static TheoryData<string, string> Dimensions =>
        [.. Dimension.Filterable.SelectMany(_ => Labels.Languages, (dimension, language) => (dimension.Name, language.Name))];

    [Theory, MemberData(nameof(Dimensions))]
    public void A_part_of_what_is_shown_finds_what_is_stored(string name, string language)
    {
        var dimension = Dimension.Find(name)!;
        string?[] values = [.. Stored.GetValueOrDefault(dimension, ["something"]), .. dimension.NoValue.Length > 0 ? new string?[] { null } : []];
        foreach (var value in values)
        {
            var shown = InLanguage(language, () => Labels.Of(dimension, dimension.LabelOf(value)));
            foreach (var part in new[] { shown, shown.ToUpperInvariant(), shown[..^1], shown[1..] })
            {
                Assert.True(Parsed(name + "~", part).Accepts(value), $"{name}~={part} finds {value ?? "nothing"}");
                Assert.False(Parsed(name + "!~", part).Accepts(value), $"{name}!~={part} excludes {value ?? "nothing"}");
            }
        }
    }

    [Theory]
    [InlineData("visitor_type", "Human", "human")]
    [InlineData("trigger", "QR", "qr")]
    [InlineData("device", "Desktop", "desktop")]
    [InlineData("channel", "Social", "social")]
    [InlineData("bot_rule", "no bot", null)]
    [InlineData("country", "unknown", null)]
    public void A_value_is_known_in_any_case(string name, string text, string? stored) => Assert.Equal(stored, Dimension.Find(name)!.ValueOf(text));

    [Theory]
    [InlineData("domain=localhost", 1)]
    [InlineData("domain=LOCALHOST:5080", 1)]
    [InlineData("domain=spoo.me", 1)]
    [InlineData("domain=default", 1)]
    [InlineData("domain~=ocalho", 1)]
    [InlineData("domain~=own", 1)]
    [InlineData("domain!=localhost", 1)]
    [InlineData("domain!~=localhost", 1)]
    [InlineData("domain=localhost,go.example.org", 2)]
    [InlineData("domain=localhost.example", 0)]
    [InlineData("domain~=.", 1)]
    public async Task The_servers_own_domain_goes_by_the_host_that_was_asked(string filter, int clicks)
    {
        var owner = await app.AddUserAsync();
        var (own, other) = (await app.AddAsync(Some.Link(owner: owner)), await app.AddAsync(Some.Link(owner: owner)));
        await using (var database = app.OpenDatabase())
        {
            await database.Links.Where(link => link.Id == other.Id).ExecuteUpdateAsync(
                set => set.SetProperty(link => link.DomainHost, "go.example.org").SetProperty(link => link.DomainId, 1_000_000 + other.Id), TestContext.Current.CancellationToken);
        }

        await app.AddAsync(Some.Click(own), Some.Click(other));
        var client = await app.WithKeyAsync(owner);

        Assert.Equal(clicks, (await client.JsonAsync($"/api/v1/stats?{filter}")).GetProperty("summary").GetProperty("total_clicks").GetInt32());
        Assert.Equal(clicks, (await client.JsonAsync($"/api/v1/export?format=json&{filter}")).GetProperty("summary").GetProperty("total_clicks").GetInt32());
    }

    [Fact]
    public async Task A_link_of_the_own_domain_goes_by_the_host_that_was_asked()
    {
        var owner = await app.AddUserAsync();
        var link = await app.AddAsync(Some.Link(owner: owner));
        await app.AddAsync(Some.Click(link));
        var client = await app.WithKeyAsync(owner);

        foreach (var name in new[] { link.ShortCode, $"spoo.me/{link.ShortCode}", $"{link.ShortCode}@localhost" })
        {
            Assert.Equal(1, (await client.JsonAsync($"/api/v1/stats?short_code={Uri.EscapeDataString(name)}")).GetProperty("summary").GetProperty("total_clicks").GetInt32());
        }
    }

    private static StatsFilter Parsed(string name, string value)
    {
        var parser = new StatsQueryParser(new FakeTimeProvider(Some.Noon), new StatsOptions(), new ValueNames());
        var json = System.Text.Json.JsonSerializer.Serialize(new Dictionary<string, string[]> { [name] = [value] });
        Assert.True(parser.TryParse([new("filters", json)], out var query, out var refusal), refusal?.Message);
        return Assert.Single(query.Filters);
    }

    private static string InLanguage(string language, Func<string> say)
    {
        var before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
            return say();
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }
}
