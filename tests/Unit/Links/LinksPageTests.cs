using AngleSharp.Dom;
using Bunit;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Tests.Support;
using Spoo.Web.Components.Links;

namespace Spoo.Tests.Links;

public sealed class LinksPageTests(SpooApp app) : LinkComponents(app), IClassFixture<SpooApp>
{
    [Fact]
    public async Task The_list_has_the_links_of_its_owner_and_of_nobody_else()
    {
        await SignInAsync();
        await AddLinkAsync("mine");
        await App.AddAsync(Some.Link("theirs", await App.AddUserAsync()));
        await App.AddAsync(Some.Link("nobodys"));

        var page = Open("/links");

        Shows(page, "mine");
        Assert.Equal("1", page.Find(".list-count").TextContent);
    }

    [Fact]
    public async Task What_is_typed_becomes_the_address_and_the_address_the_list()
    {
        await SignInAsync();
        await AddLinkAsync("spring-1");
        await AddLinkAsync("spring-2");
        await AddLinkAsync("autumn");
        var page = Open("/links?page=2&size=10");

        page.Find("input[type=search]").Input("  SPRING ");

        page.WaitForAssertion(() => Assert.Equal("/links?q=SPRING&size=10", Address));
        Shows(page, "spring-2", "spring-1");
        Assert.Equal("2 found", page.Find(".list-count").TextContent);
        Assert.Contains("q=SPRING", page.Find("a[download]").GetAttribute("href"), StringComparison.Ordinal);

        page.Find("input[type=search]").Input("");
        page.WaitForAssertion(() => Assert.Equal("/links?size=10", Address));
        Shows(page, "autumn", "spring-2", "spring-1");
    }

    [Fact]
    public async Task Filters_are_steps_of_the_address_that_begin_at_the_first_page()
    {
        await SignInAsync();
        await AddLinkAsync("off", link => link.Status = LinkStatus.Inactive);
        await AddLinkAsync("limited", link =>
        {
            link.MaxClicks = 5;
            link.Tags.Add(new LinkTag { OwnerId = link.OwnerId!, Name = "mail" });
        });
        await AddLinkAsync("locked", link => link.PasswordHash = Some.PasswordHash("correct horse"));
        await AddLinkAsync("ending", link => link.ExpireAfter = Some.Noon.AddDays(3));
        var page = Open("/links?sort=code&page=4");
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("#filter-tag")));

        await page.SelectAsync("filter-status", "inactive");
        Is("/links?status=inactive&sort=code", "off");
        await page.CompleteAsync("filter-tag", "mail");
        Is("/links?status=inactive&tag=mail&sort=code");
        await page.SelectAsync("filter-status", "");
        Is("/links?tag=mail&sort=code", "limited");
        Go(page.FindAll(".list-filters a.mud-button").Single(link => link.TextContent == "Clear").GetAttribute("href")!);
        await page.SelectManyAsync("filter-more", "password=yes");
        Is("/links?password=yes&sort=code", "locked");
        await page.SelectManyAsync("filter-more", "password=yes", "password=no");
        Is("/links?password=no&sort=code", "ending", "limited", "off");
        await page.SelectManyAsync<string>("filter-more");
        Is("/links?sort=code", "ending", "limited", "locked", "off");
        await page.SelectManyAsync("filter-more", "limit=yes");
        Is("/links?limit=yes&sort=code", "limited");
        await page.SelectManyAsync("filter-more", "ending");
        Is("/links?ending=yes&sort=code", "ending");

        void Is(string address, params string[] codes)
        {
            page.WaitForAssertion(() => Assert.Equal(address, Address));
            Shows(page, codes);
        }
    }

    [Fact]
    public async Task The_columns_of_the_list_are_chosen_and_stand_in_its_address()
    {
        await SignInAsync();
        await AddLinkAsync("mine", link => (link.Title, link.Note) = ("Spring sale", "Ask Ann"));
        var page = Open("/links");
        Shows(page, "mine");
        Assert.Equal("Spring sale", page.Find(".link-title").TextContent);
        Assert.Empty(page.FindAll(".link-note"));

        Go("/links?columns=note,expires");

        page.WaitForAssertion(() => Assert.Equal("Ask Ann", page.Find(".link-note").TextContent));
        Assert.Equal(["", "Link", "Expires", "Tools"], page.FindAll("thead th").Select(head => head.TextContent.Trim()));
        Assert.Equal("Never", page.Find("td.day").TextContent);
    }

    [Fact]
    public async Task Filters_are_saved_under_a_name_and_lead_back()
    {
        await SignInAsync();
        await AddLinkAsync("mine");
        var page = Open("/links?q=min&page=1");
        Shows(page, "mine");

        await App.Get<SavedViews>().SaveAsync(Owner.Id, "Mine", "/links?q=min", Xunit.TestContext.Current.CancellationToken);
        await App.Get<SavedViews>().SaveAsync(Owner.Id, "A dashboard", "/dashboard?period=all", Xunit.TestContext.Current.CancellationToken);
        page = Open("/links?q=min");

        page.WaitForAssertion(() => Assert.Contains("Mine", page.FindAll(".list-filters button").Select(button => button.TextContent.Trim())));
    }

    [Fact]
    public async Task A_column_sorts_the_list_and_says_so()
    {
        await SignInAsync();
        await AddLinkAsync("few", link => link.TotalClicks = 1);
        await AddLinkAsync("many", link => link.TotalClicks = 9);
        var page = Open("/links");
        Shows(page, "many", "few");
        Assert.Equal("Created", page.Find("th[aria-sort=descending]").TextContent);

        Follow("Clicks");
        Shows(page, "many", "few");
        Assert.Equal("Clicks", page.Find("th[aria-sort=descending]").TextContent);

        Follow("Clicks");
        Shows(page, "few", "many");
        Assert.Equal("Clicks", page.Find("th[aria-sort=ascending]").TextContent);

        void Follow(string column) => Go(page.FindAll("thead a").Single(link => link.TextContent == column).GetAttribute("href")!);
    }

    [Fact]
    public async Task Pages_lead_on_and_back_and_not_beyond_the_list()
    {
        await SignInAsync();
        for (var number = 10; number < 22; number++)
        {
            await AddLinkAsync($"n{number}");
        }

        var page = Open("/links?sort=code&order=asc&size=10");
        Shows(page, [.. Enumerable.Range(10, 10).Select(number => $"n{number}")]);
        Assert.Equal("1 – 10 of 12", page.Find(".pager span").TextContent);
        Assert.True(Step(0).HasAttribute("disabled"));

        Step(^1).Click();
        Shows(page, "n20", "n21");
        Assert.Equal("11 – 12 of 12", page.Find(".pager span").TextContent);
        Assert.True(Step(^1).HasAttribute("disabled"));
        await page.SelectAsync("page-size", 50);
        page.WaitForAssertion(() => Assert.Equal("/links?sort=code&size=50", Address.Replace("&order=asc", "", StringComparison.Ordinal)));

        Go("/links?page=3");
        page.WaitForAssertion(() => Assert.Contains("The list ends before this page", page.Find(".empty").TextContent, StringComparison.Ordinal));

        IElement Step(Index at) => page.FindAll(".mud-pagination button").ToList()[at];
    }

    [Theory]
    [InlineData("/links", "No links yet")]
    [InlineData("/links?q=nothing", "No link has “nothing” in its code, title, note or destination")]
    [InlineData("/links?status=inactive", "No link fits these filters")]
    public async Task An_empty_list_says_why_it_is_empty(string address, string why)
    {
        await SignInAsync();

        var page = Open(address);

        page.WaitForAssertion(() => Assert.Equal(why, page.Find(".empty h2").TextContent));
        Assert.Equal(address != "/links", page.FindAll(".list-filters").Count > 0);
    }

    [Fact]
    public async Task A_store_that_fails_shows_an_error_and_no_empty_list_until_it_is_back()
    {
        await SignInAsync();
        await AddLinkAsync("mine");
        Database.IsBroken = true;

        var page = Open("/links");

        page.WaitForAssertion(() => Assert.Contains("could not be read", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll(".empty, table"));
        Assert.Equal("", page.Find(".list-count").TextContent);

        Database.IsBroken = false;
        page.Find("[role=alert] button").Click();
        Shows(page, "mine");
    }

    [Fact]
    public async Task A_list_without_its_sparklines_is_still_a_list()
    {
        await SignInAsync();
        var (clicked, _) = (await AddLinkAsync("clicked"), await AddLinkAsync("quiet"));
        await App.AddAsync(Some.Click(clicked, Some.Noon.AddHours(-2)), Some.Click(clicked, Some.Noon.AddDays(-3), visitor: 2));
        var page = Open("/links?sort=clicks");
        page.WaitForAssertion(() => Assert.Equal("2 clicks in the last 30 days", page.Find("svg.sparkline").GetAttribute("aria-label")));
        Assert.Equal("No clicks in the last 30 days", page.Find(".sparkline-nothing").GetAttribute("title"));

        Counting.IsBroken = true;
        Go("/links?sort=clicks&q=clicked");

        page.WaitForAssertion(() => Assert.Equal("These clicks could not be counted", page.Find("td.trend span").GetAttribute("title")));
        Shows(page, "clicked");
        Assert.Equal("2", page.Find("td.number").TextContent);
    }

    [Fact]
    public async Task A_link_is_switched_off_and_on_again()
    {
        await SignInAsync();
        await AddLinkAsync("mine");
        var page = Open("/links");

        page.WaitForElement("button[aria-label='Deactivate mine']").Click();
        Says(page, "mine is switched off: whoever follows it is told so.");
        Assert.Equal("inactive", page.Find(".link-head .badge").TextContent);
        Assert.Equal(LinkStatus.Inactive, Assert.Single(await StoredAsync()).Status);

        page.Find("button[aria-label='Activate mine']").Click();
        Says(page, "mine is active again.");
        Assert.Equal(LinkStatus.Active, Assert.Single(await StoredAsync()).Status);
    }

    [Fact]
    public async Task A_change_that_the_store_refuses_is_told_as_one()
    {
        await SignInAsync();
        await AddLinkAsync("mine");
        var page = Open("/links");
        Shows(page, "mine");

        Database.IsBroken = true;
        page.Find("button[aria-label='Deactivate mine']").Click();

        page.WaitForAssertion(() => Assert.Contains("The database does not answer", page.Find(".mud-alert").TextContent, StringComparison.Ordinal));
        Assert.Equal(LinkStatus.Active, Assert.Single(await StoredAsync()).Status);
    }

    [Fact]
    public async Task What_the_operator_has_blocked_stays_as_it_is_and_the_others_are_changed()
    {
        await SignInAsync();
        await AddLinkAsync("blocked", link => link.Status = LinkStatus.Blocked);
        await AddLinkAsync("free-1");
        await AddLinkAsync("free-2");
        var page = Open("/links?sort=code");
        page.WaitForAssertion(() => Assert.True(page.Find("button[aria-label='Deactivate blocked']").HasAttribute("disabled")));

        PickAll(page);
        Bulk(page, "Deactivate").Click();

        Says(page, "2 links are changed; of the others, blocked, deleted or with too many tags: 1.");
        Assert.Equal([LinkStatus.Blocked, LinkStatus.Inactive, LinkStatus.Inactive], (await StoredAsync()).Select(link => link.Status));
    }

    [Fact]
    public async Task Chosen_links_stay_chosen_on_other_pages_and_not_in_another_list()
    {
        await SignInAsync();
        for (var number = 10; number < 22; number++)
        {
            await AddLinkAsync($"n{number}");
        }

        var page = Open("/links?sort=code&order=asc&size=10");
        Pick(page, "n11");
        Pick(page, "n12");
        Go("/links?sort=code&order=asc&size=10&page=2");
        Shows(page, "n20", "n21");
        Pick(page, "n20");
        page.WaitForAssertion(() => Assert.Equal("3 selected", page.Find(".bulk-bar b").TextContent));
        Pick(page, "n20", isChosen: false);

        Bulk(page, "Deactivate").Click();
        Says(page, "2 links are changed.");
        Assert.Equal(["n11", "n12"], (await StoredAsync()).Where(link => link.Status == LinkStatus.Inactive).Select(link => link.ShortCode));
        page.WaitForAssertion(() => Assert.Equal("2 selected", page.Find(".bulk-bar b").TextContent));

        Go("/links?sort=code&order=asc&size=10&q=n1");
        page.WaitForAssertion(() => Assert.Equal("10 found", page.Find(".list-count").TextContent));
        Assert.Empty(page.FindAll(".bulk-bar"));
    }

    [Fact]
    public async Task All_of_a_list_are_those_that_the_filters_leave_on_every_page()
    {
        await SignInAsync();
        await AddLinkAsync("other");
        for (var number = 10; number < 22; number++)
        {
            await AddLinkAsync($"n{number}");
        }

        var page = Open("/links?q=of/n&size=10");
        PickAll(page);
        page.WaitForAssertion(() => Assert.Equal("10 selected", page.Find(".bulk-bar b").TextContent));
        Bulk(page, "Select all 12").Click();
        Go("/links?q=of/n&size=10&dialog=bulk-tags");
        page.WaitForElement("#bulk-tags").Input("Über uns");
        page.WaitForAssertion(() => Assert.False(TagButton(page, "Add").HasAttribute("disabled")));
        page.Find("[role=dialog] form").Submit();

        Says(page, "12 links are changed.");
        Assert.Equal(12, (await StoredAsync()).Count(link => link.Tags.Any(tag => tag.Name == "über uns")));

        // Of links on other pages it cannot be seen which are left, so what is left is this page.
        Pick(page, "n21", isChosen: false);
        page.WaitForAssertion(() => Assert.Equal("9 selected", page.Find(".bulk-bar b").TextContent));
        Go("/links?q=of/n&size=10&dialog=bulk-tags");
        page.WaitForElement("#bulk-tags").Input("über uns");
        page.WaitForAssertion(() => Assert.False(TagButton(page, "Remove").HasAttribute("disabled")));
        TagButton(page, "Remove").Click();
        Says(page, "9 links are changed.");
        Assert.Equal(3, (await StoredAsync()).Count(link => link.Tags.Count > 0));
    }

    [Theory]
    [InlineData("a,,1234567890123456789012345678901234567890x")]
    [InlineData(" ")]
    public async Task What_is_no_tag_cannot_be_given_to_many(string text)
    {
        await SignInAsync();
        await AddLinkAsync("mine");
        var page = Open("/links");
        PickAll(page);

        Go("/links?dialog=bulk-tags");
        page.WaitForElement("#bulk-tags").Input(text);

        page.WaitForAssertion(() => Assert.True(TagButton(page, "Add").HasAttribute("disabled")));
        Assert.True(TagButton(page, "Remove").HasAttribute("disabled"));
    }

    [Fact]
    public async Task A_link_goes_only_after_it_was_said_what_goes_with_it()
    {
        await SignInAsync();
        var (mine, _) = (await AddLinkAsync("mine"), await AddLinkAsync("kept"));
        await App.AddAsync(Some.Click(mine, Some.Noon), Some.Click(mine, Some.Noon, visitor: 2));
        var page = Open("/links");
        Shows(page, "kept", "mine");

        Go(page.Find("a[aria-label='Delete mine']").GetAttribute("href")!);
        page.WaitForAssertion(() => Assert.Equal("Delete mine?", page.Find("[role=dialog] h2").TextContent));
        Assert.Contains("2 clicks and everything known of them", page.Find(".what-goes").TextContent, StringComparison.Ordinal);
        Go(page.Find("[role=dialog] [data-close]").GetAttribute("href")!);
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[role=dialog]")));
        Assert.Equal(2, (await StoredAsync()).Count);

        Go("/links?dialog=delete&link=mine");
        page.WaitForElement("[role=dialog] .danger").Click();
        Says(page, "mine and its clicks are deleted.");
        Shows(page, "kept");
        Assert.Equal("/links", Address);
        Assert.Equal(["kept"], (await StoredAsync()).Select(link => link.ShortCode));
    }

    [Fact]
    public async Task Many_links_go_only_after_it_was_said_how_many_clicks_go_with_them_on_every_page()
    {
        await SignInAsync();
        await AddLinkAsync("other", link => link.TotalClicks = 1_000);
        for (var number = 10; number < 22; number++)
        {
            await AddLinkAsync($"n{number}", link => link.TotalClicks = 100);
        }

        var page = Open("/links?q=of/n&size=10");
        PickAll(page);
        Bulk(page, "Delete…").Click();
        page.WaitForAssertion(() => Assert.Equal("Delete 10 links?", page.Find("[role=dialog] h2").TextContent));
        Assert.Contains("1,000 clicks", page.Find(".what-goes").TextContent, StringComparison.Ordinal);
        Go(page.Find("[role=dialog] [data-close]").GetAttribute("href")!);
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[role=dialog]")));

        Bulk(page, "Select all 12").Click();
        Bulk(page, "Delete…").Click();
        page.WaitForAssertion(() => Assert.Equal("Delete 12 links?", page.Find("[role=dialog] h2").TextContent));
        Assert.Contains("1,200 clicks", page.Find(".what-goes").TextContent, StringComparison.Ordinal);
        page.Find("[role=dialog] .danger").Click();

        Says(page, "12 links and their clicks are deleted.");
        Assert.Equal(["other"], (await StoredAsync()).Select(link => link.ShortCode));
    }

    [Fact]
    public async Task What_goes_is_told_in_the_number_that_it_has()
    {
        await SignInAsync();
        await AddLinkAsync("mine");
        await AddLinkAsync("blocked", link => link.Status = LinkStatus.Blocked);
        var page = Open("/links?q=mine");
        PickAll(page);
        Bulk(page, "Delete…").Click();
        page.WaitForAssertion(() => Assert.Equal("Delete 1 link?", page.Find("[role=dialog] h2").TextContent));
        page.Find("[role=dialog] .danger").Click();
        Says(page, "1 link and its clicks are deleted.");

        await AddLinkAsync("another");
        Go("/links");
        Shows(page, "another", "blocked");
        PickAll(page);
        Bulk(page, "Delete…").Click();
        page.WaitForElement("[role=dialog] .danger").Click();
        Says(page, "Deleted: 1. Not deleted, because blocked or gone already: 1.");
    }

    [Fact]
    public async Task A_deletion_that_the_store_refuses_deletes_nothing_and_says_so()
    {
        await SignInAsync();
        await AddLinkAsync("mine");
        await AddLinkAsync("other");
        var page = Open("/links");
        PickAll(page);
        Bulk(page, "Delete…").Click();
        page.WaitForElement("[role=dialog] .danger");

        Database.IsBroken = true;
        page.Find("[role=dialog] .danger").Click();

        // The button can be pressed again once the list has been tried, too.
        page.WaitForAssertion(() =>
        {
            Assert.Contains("The database does not answer", page.Find("[role=dialog] [role=alert]").TextContent, StringComparison.Ordinal);
            Assert.False(page.Find("[role=dialog] .danger").HasAttribute("disabled"));
        });
        Assert.Equal(2, (await StoredAsync()).Count);

        Database.IsBroken = false;
        page.Find("[role=dialog] .danger").Click();
        Says(page, "2 links and their clicks are deleted.");
        Assert.Empty(await StoredAsync());
    }

    [Fact]
    public async Task A_link_that_was_just_made_or_changed_is_in_the_list_behind_the_dialog()
    {
        await SignInAsync();
        var page = Open("/links?dialog=new");

        page.WaitForElement("#link-url").Input("https://example.com/new");
        page.Find("#link-alias").Input("made");
        page.WaitForAssertion(() => Assert.Equal("“made” is free.", page.Find("#link-alias-hint").TextContent.Trim()));
        await page.CompleteAsync("link-tags", "mail");
        page.Find(".link-form").Submit();
        page.WaitForAssertion(() => Assert.Equal("http://localhost/made", page.Find(".link-made .short-link").TextContent));
        Shows(page, "made");
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("#filter-tag")));

        Go("/links?dialog=edit&link=made");
        page.WaitForElement("#link-alias").Input("renamed");
        page.WaitForAssertion(() => Assert.Equal("“renamed” is free.", page.Find("#link-alias-hint").TextContent.Trim()));
        page.Find(".link-form").Submit();
        Says(page, "renamed is saved.");
        Shows(page, "renamed");
        Assert.Equal("/links", Address);
    }

    private IRenderedComponent<Whole> Open(string url)
    {
        Go(url);
        return RenderWhole<LinksPage>();
    }

    private static void Shows(IRenderedComponent<Whole> page, params string[] codes) =>
        page.WaitForAssertion(() => Assert.Equal(codes, page.FindAll(".link-code").Select(code => code.TextContent)));

    private static void Says(IRenderedComponent<Whole> page, string notice) =>
        page.WaitForAssertion(() => Assert.Contains(notice, page.FindAll(".mud-snackbar").Select(said => said.TextContent.Trim())));

    private static void Pick(IRenderedComponent<Whole> page, string code, bool isChosen = true) =>
        page.WaitForElement($"input[aria-label='Select {code}']").Change(isChosen);

    private static void PickAll(IRenderedComponent<Whole> page) =>
        page.WaitForElement("input[aria-label='Select all links of this page']").Change(true);

    private static IElement Bulk(IRenderedComponent<Whole> page, string name) =>
        page.FindAll(".bulk-bar .mud-button").Single(button => button.TextContent.Trim() == name);

    private static IElement TagButton(IRenderedComponent<Whole> page, string name) =>
        page.FindAll("[role=dialog] footer .mud-button").Single(button => button.TextContent.Trim() == name);
}
