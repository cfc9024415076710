using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats;
using Spoo.Tests.Support;
using Spoo.Web.Addresses;



namespace Spoo.Tests.Addresses;

public sealed class DashboardAddressTests
{
    private static readonly TimeZoneInfo Berlin = TimeZones.Resolve("Europe/Berlin");

    [Fact]
    public void An_address_that_says_nothing_asks_for_28_days_of_all_links_on_the_viewers_clock()
    {
        var address = Parse("/dashboard", Berlin);

        Assert.Equal(Period.Last28Days, address.Query.Period);
        Assert.Equal(Berlin, address.Query.Zone);
        Assert.Null(address.Link);
        Assert.Empty(address.Chips);
    }

    [Theory]
    [InlineData("/dashboard")]
    [InlineData("/dashboard?period=all")]
    [InlineData("/dashboard?period=7d&country=DE,FR")]
    [InlineData("/dashboard/links/AbC-1?period=all&interval=week")]
    [InlineData("/dashboard?start_date=2026-01-01T00:00:00Z&end_date=2026-01-31T22:59:59.999Z&browser!=Chrome&city~=new")]
    [InlineData("/dashboard?timezone=Asia%2FKolkata&details=country")]
    [InlineData("/dashboard?filter=utm_source")]
    [InlineData("/dashboard?period=3w&compare=period&compare_match=weekday&metric=human&chart=table")]
    [InlineData("/dashboard/links/AbC-1?compare_start=2025-01-01T00:00:00Z&compare_end=2025-01-31T22:59:59.999Z&metric=redirect")]
    [InlineData("/stats/AbC-1")]
    [InlineData("/stats/AbC-1?period=7d&country=DE,FR&interval=hour&details=city")]
    public void Whatever_an_address_says_is_printed_again(string url)
    {
        var printed = Parse(url, Berlin).Url;

        Assert.Equal(Sorted(url), Sorted("/" + printed));
    }

    [Theory]
    [InlineData("/dashboard/links/launch@links.example.com")]
    [InlineData("/dashboard/links/team~launch")]
    [InlineData("/stats/team~launch@links.example.com")]
    public void The_name_of_a_link_in_a_folder_or_elsewhere_is_printed_again(string url) => Assert.Equal(url, "/" + Uri.UnescapeDataString(Parse(url, Berlin).Url));

    [Fact]
    public void Values_with_commas_and_blanks_come_back_whole()
    {
        var address = Parse("/dashboard", Berlin).Where(new StatsFilter(Dimension.City, FilterOperator.IsNot, ["Washington, D.C.", "São Paulo"]));

        Assert.Equal(["Washington, D.C.", "São Paulo"], Parse(address.Url, Berlin).Query.Filters.Single().Values);
    }

    [Fact]
    public void A_viewer_elsewhere_is_asked_for_UTC_only_where_the_address_says_so()
    {
        Assert.Equal(TimeZones.Utc, Parse("/dashboard?timezone=UTC", Berlin).Query.Zone);
        Assert.Contains("timezone=UTC", Parse("/dashboard?timezone=UTC", Berlin).Url, StringComparison.Ordinal);
    }

    [Fact]
    public void Days_chosen_by_hand_begin_and_end_on_the_viewers_clock()
    {
        var address = Parse("/dashboard", Berlin).Over(new DateOnly(2026, 1, 10), new DateOnly(2026, 1, 11));

        Assert.Equal(new DateTimeOffset(2026, 1, 9, 23, 0, 0, TimeSpan.Zero), address.Query.Start);
        Assert.Equal(new DateTimeOffset(2026, 1, 11, 22, 59, 59, 999, TimeSpan.Zero), address.Query.End);
    }

    [Theory]
    [InlineData("?when=last+3+weeks&compare=year", "/dashboard?period=3w&compare=year")]
    [InlineData("?from=2026-01-10&to=2026-01-11", "/dashboard?start_date=2026-01-09T23:00:00Z&end_date=2026-01-11T22:59:59.999Z")]
    [InlineData("?when=&period=7d", "/dashboard?period=7d")]
    [InlineData("?compare_from=2026-01-11&compare_to=2026-01-10&compare=year", "/dashboard?compare_start=2026-01-09T23:00:00Z&compare_end=2026-01-11T22:59:59.999Z")]
    public void What_a_form_sends_without_a_script_is_understood_too(string query, string url) =>
        Assert.Equal(url, "/" + Uri.UnescapeDataString(Parse("/dashboard" + query, Berlin).Url));

    [Theory]
    [InlineData("?when=soon", "soon")]
    [InlineData("?from=yesterday&to=2026-01-11", "yesterday")]
    public void What_a_form_sends_and_nobody_understands_is_refused_with_what_would_be_right(string query, string mentioned)
    {
        Assert.False(DashboardAddress.TryParse(Parser(), new Uri("http://localhost/dashboard" + query), Berlin, out _, out var refusal));
        Assert.Contains($"'{mentioned}'", refusal!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Days_chosen_in_the_wrong_order_are_put_right()
    {
        var address = Parse("/dashboard", Berlin);

        Assert.Equal(
            address.Over(new DateOnly(2026, 1, 10), new DateOnly(2026, 1, 11)).Url,
            address.Over(new DateOnly(2026, 1, 11), new DateOnly(2026, 1, 10)).Url);
    }

    [Fact]
    public void Choosing_a_row_filters_by_it_and_choosing_it_again_does_not()
    {
        var address = Parse("/dashboard?period=all", Berlin);

        var chosen = address.Toggle(Dimension.Country, "DE");

        Assert.True(chosen.IsOnly(Dimension.Country, "DE"));
        Assert.Equal(address.Url, chosen.Toggle(Dimension.Country, "DE").Url);
    }

    [Fact]
    public void Choosing_a_link_leads_to_its_own_page_and_keeps_the_rest()
    {
        var address = Parse("/dashboard?period=7d&country=DE", Berlin).Toggle(Dimension.ShortCode, "AbC");

        Assert.Equal("dashboard/links/AbC?period=7d&country=DE", address.Url);
        Assert.Equal("dashboard?period=7d&country=DE", address.WithoutLink().Url);
    }

    [Fact]
    public void Clearing_the_filters_of_a_link_keeps_the_link()
    {
        var address = Parse("/dashboard/links/AbC?country=DE&os=iOS", Berlin).WithoutChips();

        Assert.Equal("dashboard/links/AbC", address.Url);
    }

    [Fact]
    public void A_link_of_its_own_page_is_not_shown_as_a_filter()
    {
        Assert.Equal([Dimension.Os], Parse("/dashboard/links/AbC?os=iOS", Berlin).Chips.Select(filter => filter.Dimension));
    }

    [Fact]
    public void Another_period_forgets_the_interval_that_suited_the_old_one()
    {
        Assert.Null(Parse("/dashboard?period=24h&interval=10_minute", Berlin).Over(Period.AllTime).Query.Interval);
    }

    [Fact]
    public void Every_next_step_closes_the_dialog()
    {
        Assert.Null(Parse("/dashboard?details=country", Berlin).Toggle(Dimension.Country, "DE").Details);
    }

    [Fact]
    public void An_unknown_period_is_refused_with_the_ones_there_are()
    {
        var understood = DashboardAddress.TryParse(Parser(), new Uri("http://localhost/dashboard?period=for-ever"), Berlin, out _, out var refusal);

        Assert.False(understood);
        Assert.Contains("28d", refusal!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_cannot_make_the_page_ask_on_behalf_of_somebody_else()
    {
        Assert.Equal(StatsScope.All, Parse("/dashboard?scope=anon&short_code=theirs", Berlin).Query.Scope);
    }

    [Fact]
    public void A_public_page_asks_about_its_link_as_anybody_would()
    {
        var address = Parse("/stats/AbC?scope=all&short_code=other&country=DE", Berlin);

        Assert.True(address.IsPublic);
        Assert.Equal((StatsScope.Anon, "AbC"), (address.Query.Scope, address.Query.LinkName.ToString()));
        Assert.Equal("stats/AbC?period=all&country=DE", address.Over(Period.AllTime).Url);
        Assert.Equal("stats/AbC", address.WithoutChips().Url);
    }

    [Fact]
    public void Campaigns_cannot_be_asked_out_of_a_public_page()
    {
        var address = Parse("/stats/AbC?utm_source=mail&utm_campaign~=spring&os=iOS&details=utm_medium", Berlin);

        Assert.Equal("stats/AbC?os=iOS", address.Url);
    }

    private static DashboardAddress Parse(string url, TimeZoneInfo viewerZone) =>
        DashboardAddress.TryParse(Parser(), new Uri("http://localhost" + url), viewerZone, out var address, out var refusal)
            ? address
            : throw new InvalidOperationException(refusal.Message);

    private static StatsQueryParser Parser() => new(new FakeTimeProvider(Some.Noon), new StatsOptions());

    private static string Sorted(string url) => url.Split('?') is [var path, var query]
        ? path + "?" + string.Join('&', query.Split('&').Select(Uri.UnescapeDataString).Order(StringComparer.Ordinal))
        : url;
}
