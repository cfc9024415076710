using System.Net;
using System.Reflection;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data;
using Spoo.Data.Links;
using Spoo.Data.Links.Domains;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;
using Spoo.Tests.Support;
using Spoo.Web.Addresses;
using Spoo.Web.Components.Report;
using Spoo.Web.Components.Report.Cards;

namespace Spoo.Tests.Stats;

/// <summary>Whatever is asked of one dimension is asked of all: an entry in the list is all that a new one needs.</summary>
public sealed class DimensionTests(SpooApp app) : IClassFixture<SpooApp>
{
    public static TheoryData<string> All => [.. Dimension.All.Select(dimension => dimension.Name)];

    public static TheoryData<string> Filterable => [.. Dimension.Filterable.Select(dimension => dimension.Name)];

    [Fact]
    public void Every_dimension_is_in_the_list_once()
    {
        var declared = typeof(Dimension).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(property => property.PropertyType == typeof(Dimension))
            .Select(property => (Dimension)property.GetValue(null)!);

        Assert.Equal(declared.OrderBy(dimension => dimension.Name), Dimension.All.OrderBy(dimension => dimension.Name));
        Assert.Equal(Dimension.All.Count, Dimension.All.Select(dimension => dimension.Name).Distinct().Count());
    }

    [Fact]
    public void What_tells_of_an_owners_campaigns_is_public_nowhere() => Assert.Equal(
        ["time", "browser", "os", "device", "country", "region", "city", "language", "referrer"], Dimension.Public.Select(dimension => dimension.Name));

    [Theory]
    [MemberData(nameof(All))]
    public void It_can_be_grouped_by_and_printed_again(string name)
    {
        var query = Parsed(("group_by", name));

        Assert.Equal([Dimension.Find(name)!], query.GroupBy);
        Assert.Equal(query.GroupBy, Parsed([.. StatsQueryParser.Print(query).Select(parameter => (parameter.Key, parameter.Value))]).GroupBy);
    }

    [Theory]
    [MemberData(nameof(Filterable))]
    public void It_can_be_filtered_by_up_to_its_longest_text(string name)
    {
        var longest = Dimension.Find(name)!.MaxFilterLength;
        Assert.All(FilterOperator.All, op =>
        {
            var filter = Assert.Single(Parsed((name + op.Suffix, new string('x', longest))).Filters);

            Assert.Equal((name, op), (filter.Dimension.Name, filter.Operator));
            Assert.False(Parser.TryParse([new(name + op.Suffix, new string('x', longest + 1))], out _, out var refusal));
            Assert.Equal(name + op.Suffix, Assert.Single(refusal.Fields).Field);
        });
    }

    [Theory]
    [MemberData(nameof(Filterable))]
    public void It_is_a_tab_of_one_card_of_the_account_and_of_a_public_page_if_it_is_public(string name)
    {
        var dimension = Dimension.Find(name)!;

        Assert.Single(BreakdownTab.CardsOf(Address("/dashboard"), null).SelectMany(card => card.Tabs), tab => tab.Dimension == dimension);
        Assert.Equal(dimension.IsPublic ? 1 : 0, BreakdownTab.CardsOf(Address("/stats/launch"), null).SelectMany(card => card.Tabs).Count(tab => tab.Dimension == dimension));
    }

    [Theory]
    [MemberData(nameof(Filterable))]
    public async Task Its_values_are_counted_told_and_found_again(string name)
    {
        var dimension = Dimension.Find(name)!;
        var owner = await app.AddUserAsync();
        var domain = new Domain { PublicId = PublicId.New(Some.Noon), Host = Some.Unique("go") + ".example", State = DomainState.Active, CreatedAt = Some.Noon };
        await using var database = app.OpenDatabase();
        database.Domains.Add(domain);
        await database.SaveChangesAsync(TestContext.Current.CancellationToken);
        var link = Some.Link(owner: owner);
        link.MoveTo(domain);
        link = await app.AddAsync(link);
        await app.AddAsync([Some.Full(link), Some.Full(link, visitor: 2), Some.Click(link, visitor: 3)]);
        using var client = await app.WithKeyAsync(owner);

        var list = (await client.JsonAsync($"/api/v1/stats?group_by={name}")).GetProperty("metrics").GetProperty($"clicks_by_{name}");
        var label = list[0].GetProperty(name).GetString()!;
        var found = await client.JsonAsync($"/api/v1/stats?{name}={Uri.EscapeDataString(label)}");

        Assert.NotEqual(dimension.NoValue, label);
        Assert.Equal(list[0].GetProperty("clicks").GetInt64(), found.GetProperty("summary").GetProperty("total_clicks").GetInt64());
        var file = await client.GetStringAsync($"/api/v1/export/list?group_by={name}", TestContext.Current.CancellationToken);
        Assert.StartsWith(name + ",", file, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("München", "Mu\u0308n")]
    [InlineData("San José", "San\u00a0J")]
    [InlineData("San José", "n  jos")]
    [InlineData("Bonn", "b\u200bo")]
    public void A_part_is_found_in_whichever_spelling_it_is_written(string stored, string part)
    {
        Assert.True(new StatsFilter(Dimension.City, FilterOperator.Contains, [part]).Accepts(stored));
        Assert.False(new StatsFilter(Dimension.City, FilterOperator.DoesNotContain, [part]).Accepts(stored));
    }

    private static readonly StatsQueryParser Parser = new(new FakeTimeProvider(Some.Noon), new StatsOptions());

    private static StatsQuery Parsed(params (string Name, string Value)[] parameters)
    {
        Assert.True(Parser.TryParse(parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value)), out var query, out var refusal), refusal?.Message);
        return query;
    }

    private static DashboardAddress Address(string path)
    {
        Assert.True(DashboardAddress.TryParse(Parser, new Uri("https://spoo.example" + path), TimeZoneInfo.Utc, out var address, out var refusal), refusal?.Message);
        return address;
    }
}
