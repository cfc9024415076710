using Spoo.Data.Accounts;
using Spoo.Tests.Support;



namespace Spoo.Tests.Account;

[OnEveryDatabase]
public sealed class SavedViewsTests(SpooApp app) : IClassFixture<SpooApp>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private SavedViews Views => app.Get<SavedViews>();

    [Fact]
    public async Task Views_are_listed_by_name_and_only_to_their_owner()
    {
        var (owner, other) = (await app.AddUserAsync(), await app.AddUserAsync());
        await Views.SaveAsync(owner.Id, " Zürich ", "/dashboard?city=Z%C3%BCrich", Cancelled);
        await Views.SaveAsync(owner.Id, "autumn", "/dashboard?utm_campaign=autumn", Cancelled);
        await Views.SaveAsync(other.Id, "autumn", "/dashboard?period=all", Cancelled);

        var views = await Views.ListAsync(owner.Id, "/dashboard", Cancelled);

        Assert.Equal([("autumn", "/dashboard?utm_campaign=autumn"), ("Zürich", "/dashboard?city=Z%C3%BCrich")], views.Select(view => (view.Name, view.Url)));
    }

    [Fact]
    public async Task Saving_under_a_name_again_replaces_the_view()
    {
        var owner = await app.AddUserAsync();
        await Views.SaveAsync(owner.Id, "mine", "/dashboard", Cancelled);

        Assert.Equal(SavedViewOutcome.Done, await Views.SaveAsync(owner.Id, "mine", "/dashboard?period=all", Cancelled));

        Assert.Equal("/dashboard?period=all", Assert.Single(await Views.ListAsync(owner.Id, "/dashboard", Cancelled)).Url);
    }

    [Fact]
    public async Task Each_page_has_its_own_views_and_no_name_leads_to_two_pages()
    {
        var owner = await app.AddUserAsync();
        await Views.SaveAsync(owner.Id, "spring", "/dashboard/links/spring?period=7d", Cancelled);
        await Views.SaveAsync(owner.Id, "campaigns", "/links?tag=campaign", Cancelled);

        Assert.Equal(SavedViewOutcome.NameTaken, await Views.SaveAsync(owner.Id, "spring", "/links?q=spring", Cancelled));
        Assert.Equal(SavedViewOutcome.Done, await Views.SaveAsync(owner.Id, "spring", "/dashboard?period=all", Cancelled));

        Assert.Equal(["/dashboard?period=all"], (await Views.ListAsync(owner.Id, "/dashboard", Cancelled)).Select(view => view.Url));
        Assert.Equal(["/links?tag=campaign"], (await Views.ListAsync(owner.Id, "/links", Cancelled)).Select(view => view.Url));
    }

    [Fact]
    public async Task A_view_is_renamed_unless_the_name_is_taken_and_deleted_by_its_owner_alone()
    {
        var (owner, other) = (await app.AddUserAsync(), await app.AddUserAsync());
        await Views.SaveAsync(owner.Id, "one", "/dashboard", Cancelled);
        await Views.SaveAsync(owner.Id, "two", "/dashboard", Cancelled);
        var one = (await Views.ListAsync(owner.Id, "/dashboard", Cancelled))[0];

        Assert.Equal(SavedViewOutcome.NameTaken, await Views.RenameAsync(owner.Id, one.Id, "two", Cancelled));
        Assert.Equal(SavedViewOutcome.Gone, await Views.RenameAsync(other.Id, one.Id, "theirs", Cancelled));
        Assert.Equal(SavedViewOutcome.Done, await Views.RenameAsync(owner.Id, one.Id, "first", Cancelled));
        await Views.DeleteAsync(other.Id, one.Id, Cancelled);
        Assert.Equal(["first", "two"], (await Views.ListAsync(owner.Id, "/dashboard", Cancelled)).Select(view => view.Name));
        await Views.DeleteAsync(owner.Id, one.Id, Cancelled);
        Assert.Equal(["two"], (await Views.ListAsync(owner.Id, "/dashboard", Cancelled)).Select(view => view.Name));
    }

    [Fact]
    public async Task Names_are_bounded_and_so_is_their_number()
    {
        var owner = await app.AddUserAsync();
        Assert.Equal(SavedViewOutcome.BadName, await Views.SaveAsync(owner.Id, "  ", "/dashboard", Cancelled));
        Assert.Equal(SavedViewOutcome.BadName, await Views.SaveAsync(owner.Id, new string('x', SavedView.MaxNameLength + 1), "/dashboard", Cancelled));
        for (var i = 0; i < SavedViews.MostViews; i++)
        {
            Assert.Equal(SavedViewOutcome.Done, await Views.SaveAsync(owner.Id, $"view {i}", "/dashboard", Cancelled));
        }

        Assert.Equal(SavedViewOutcome.TooMany, await Views.SaveAsync(owner.Id, "one more", "/dashboard", Cancelled));
    }
}
