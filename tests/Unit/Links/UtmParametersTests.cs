using Spoo.Data.Links.Destinations;
using Spoo.Tests.Support;

namespace Spoo.Tests.Links;

public sealed class UtmParametersTests(SpooApp app) : IClassFixture<SpooApp>
{
    [Theory]
    [InlineData("https://example.com/a", "")]
    [InlineData("https://example.com/a?utm_source=news&x=1&utm_medium=mail#top", "utm_source=news&utm_medium=mail")]
    [InlineData("https://example.com/a?utm_medium=e+mail&UTM_SOURCE=x&utm_source=%C3%BCber&utm_source=second", "utm_source=%C3%BCber&utm_medium=e%20mail")]
    [InlineData("https://example.com/a?utm_source=&utm_campaign", "")]
    [InlineData("https://example.com/a#utm_source=news", "")]
    [InlineData("utm_source=news&utm_id=7", "utm_source=news")]
    public void The_campaign_of_an_address_is_recognised(string address, string query) =>
        Assert.Equal(query, UtmParameters.In(address).Query);

    [Theory]
    [InlineData("https://example.com", "https://example.com?utm_source=news&utm_content=a%26b")]
    [InlineData("https://example.com/a?x=1&utm_source=old&y=a%20b#top", "https://example.com/a?x=1&y=a%20b&utm_source=news&utm_content=a%26b#top")]
    [InlineData("https://example.com/a?utm_term=gone", "https://example.com/a?utm_source=news&utm_content=a%26b")]
    public void A_campaign_takes_the_place_of_the_one_before_and_leaves_the_rest_alone(string address, string with) =>
        Assert.Equal(with, UtmParameters.None.With("utm_content", "a&b").With("utm_source", " news ").PutInto(address));

    [Theory]
    [InlineData("https://example.com/a?x=1&utm_source=old#top", "https://example.com/a?x=1#top")]
    [InlineData("https://example.com/?utm_source=old", "https://example.com/")]
    [InlineData("https://example.com/a?x=%zz&x", "https://example.com/a?x=%zz&x")]
    public void Without_a_campaign_the_address_is_what_it_was(string address, string without) =>
        Assert.Equal(without, UtmParameters.None.PutInto(address));

    [Fact]
    public async Task Templates_are_their_owners_alone_and_a_name_has_one()
    {
        var (owner, other) = (await app.AddUserAsync(), await app.AddUserAsync());
        var templates = app.Get<UtmTemplates>();
        var cancelled = TestContext.Current.CancellationToken;

        Assert.True(await templates.SaveAsync(owner.Id, " Newsletter ", UtmParameters.In("utm_source=news"), cancelled));
        Assert.True(await templates.SaveAsync(owner.Id, "Newsletter", UtmParameters.In("utm_source=news&utm_medium=mail"), cancelled));
        Assert.False(await templates.SaveAsync(owner.Id, " ", UtmParameters.In("utm_source=news"), cancelled));
        Assert.False(await templates.SaveAsync(owner.Id, "nothing", UtmParameters.None, cancelled));

        var saved = Assert.Single(await templates.ListAsync(owner.Id, cancelled));
        Assert.Equal(("Newsletter", "utm_source=news&utm_medium=mail"), (saved.Name, saved.Query));
        Assert.Empty(await templates.ListAsync(other.Id, cancelled));
        await templates.DeleteAsync(other.Id, saved.Id, cancelled);
        Assert.Single(await templates.ListAsync(owner.Id, cancelled));
        await templates.DeleteAsync(owner.Id, saved.Id, cancelled);
        Assert.Empty(await templates.ListAsync(owner.Id, cancelled));
    }
}
