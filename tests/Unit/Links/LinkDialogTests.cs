using Bunit;
using Microsoft.AspNetCore.Components.Forms;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Destinations;
using Spoo.Data.Links.Targets;
using Spoo.Tests.Support;
using Spoo.Web.Components.Links;

namespace Spoo.Tests.Links;

public sealed class LinkDialogTests(SpooApp app) : LinkComponents(app), IClassFixture<SpooApp>
{
    private readonly List<Link> _saved = [];

    [Theory]
    [InlineData("url", "ftp://example.com", "An address begins with http://")]
    [InlineData("url", "https://example.com/a b", "has no blanks")]
    [InlineData("alias", "no", "An alias has 3 to 16 characters.")]
    [InlineData("alias", "a b c", "An alias is made of")]
    [InlineData("alias", "Dashboard", "The server's own pages use this alias.")]
    [InlineData("tags", "a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t,u", "tags of up to")]
    [InlineData("limit", "0", "A whole number from 1 on")]
    [InlineData("limit", "many", "A whole number from 1 on")]
    [InlineData("end", "2026-02-18T11:59", "A date in the future")]
    [InlineData("password", "short", "A password has")]
    public async Task What_is_wrong_is_said_beside_its_field_while_it_is_typed(string field, string text, string fault)
    {
        await SignInAsync();
        var dialog = Open();

        await (field == "end" ? EndAsync(dialog, text) : TypeAsync(dialog, $"#link-{field}", text));

        dialog.WaitForAssertion(() => Assert.Contains(fault, dialog.Find($"#link-{field}-fault").TextContent, StringComparison.Ordinal));
        Assert.Equal("true", dialog.Find($"#link-{field}").GetAttribute("aria-invalid"));
        Assert.Single(dialog.FindAll("[aria-invalid=true]"));
        await SubmitAsync(dialog);
        Assert.Empty(await StoredAsync());
    }

    [Fact]
    public async Task Nobody_is_told_of_a_mistake_before_there_is_one()
    {
        await SignInAsync();
        var dialog = Open();
        Assert.Empty(Faults(dialog));

        await TypeAsync(dialog, "#link-url", "htt");
        Assert.Empty(Faults(dialog));
        await SubmitAsync(dialog);
        Assert.Single(Faults(dialog));
        await TypeAsync(dialog, "#link-url", "");

        Assert.Equal(["Enter where the link leads."], Faults(dialog));
    }

    [Fact]
    public async Task The_last_alias_that_was_typed_is_looked_up()
    {
        await SignInAsync();
        await App.AddAsync(Some.Link("taken"));
        var dialog = Open();

        await TypeAsync(dialog, "#link-alias", "taken");
        dialog.WaitForAssertion(() => Assert.Equal("Somebody has this alias already.", dialog.Find("#link-alias-fault").TextContent));

        // Quicker than any lookup: nothing else is drawn in between.
        await dialog.InvokeAsync(() =>
        {
            dialog.Find("#link-alias").Input("taken1");
            Assert.Empty(dialog.FindAll("#link-alias-fault"));
            dialog.Find("#link-alias").Input("taken");
            dialog.Find("#link-alias").Input("taken-2");
        });

        IsFree(dialog, "taken-2");
    }

    [Fact]
    public async Task A_link_is_made_with_everything_that_was_asked_for()
    {
        await SignInAsync();
        var dialog = Open(zone: "America/New_York");

        await TypeAsync(dialog, "#link-url", " https://example.com/page ");
        await TypeAsync(dialog, "#link-alias", "mine");
        IsFree(dialog, "mine");
        await TypeAsync(dialog, "#link-tags", "Launch, mail, launch");
        await EndAsync(dialog, "2026-03-01T09:30");
        await TypeAsync(dialog, "#link-limit", "100");
        await TypeAsync(dialog, "#link-password", "correct horse");
        await dialog.TickAsync("Keep the statistics to myself", false);
        await dialog.TickAsync("Block bots", true);
        await SubmitAsync(dialog);

        dialog.WaitForAssertion(() => Assert.Equal("http://localhost/mine", dialog.Find(".short-link a").GetAttribute("href")));
        Assert.Equal("http://localhost/mine", dialog.Find("[data-copy]").GetAttribute("data-copy"));
        var link = Assert.Single(await StoredAsync());
        Assert.Equal(
            ("https://example.com/page", "mine", 100, new DateTimeOffset(2026, 3, 1, 14, 30, 0, TimeSpan.Zero), false, true, false),
            (link.LongUrl, link.ShortCode, link.MaxClicks, link.ExpireAfter, link.PrivateStats, link.BlockBots, link.PassQuery));
        Assert.Equal(["launch", "mail"], link.Tags.Select(tag => tag.Name).Order(StringComparer.Ordinal));
        Assert.True(LinkPassword.Matches(link.PasswordHash!, "correct horse"));
        Assert.Equal("mine", Assert.Single(_saved).ShortCode);
    }

    [Fact]
    public async Task Rules_and_a_card_are_written_checked_kept_in_order_and_shown_again()
    {
        await SignInAsync();
        var dialog = Open();
        await TypeAsync(dialog, "#link-url", "https://example.com/page");
        await TypeAsync(dialog, "#link-alias", "ruled");
        IsFree(dialog, "ruled");
        dialog.Find("button.add-rule").Click();
        dialog.Find("button.add-rule").Click();
        await TypeAsync(dialog, "#rule-0-url", "https://example.com/b");
        await TypeAsync(dialog, "#rule-0-weight", "200");
        await TypeAsync(dialog, "#rule-1-url", "https://example.com/de");
        await TypeAsync(dialog, "#rule-1-countries", "Germany, ZZ");
        await TypeAsync(dialog, "#card-description", "Come and see");
        await TypeAsync(dialog, "#link-after", "https://example.com/over");
        await SubmitAsync(dialog);
        Assert.Equal("A whole number from 1 to 100, or nothing for all.", dialog.Find("#rule-0-weight-fault").TextContent.Trim());
        Assert.Contains("ZZ", dialog.Find("#rule-1-countries-fault").TextContent, StringComparison.Ordinal);
        Assert.Contains("A card needs a title.", dialog.Find("#card-title-fault").TextContent, StringComparison.Ordinal);

        await TypeAsync(dialog, "#rule-0-weight", "20");
        await TypeAsync(dialog, "#rule-1-countries", "Germany, at");
        await TypeAsync(dialog, "#card-title", "Look");
        dialog.Find("button[aria-label='Ask rule 2 earlier']").Click();
        await SubmitAsync(dialog);

        dialog.WaitForElement(".link-made");
        var link = Assert.Single(await StoredAsync());
        Assert.Equal([("DE,AT", "https://example.com/de"), ("example.com/b", "https://example.com/b")], link.Rules!.All.Select(rule => (rule.Name, rule.Url)));
        Assert.Equal((new LinkPreview { Title = "Look", Description = "Come and see" }, "https://example.com/over"), (link.Preview, link.ExpiredUrl));
    }

    [Fact]
    public async Task A_picture_that_is_chosen_is_kept_shown_in_the_card_and_saved_with_the_link()
    {
        await SignInAsync();
        var dialog = Open();
        await TypeAsync(dialog, "#link-url", "https://example.com/page");
        await TypeAsync(dialog, "#link-alias", "card");
        IsFree(dialog, "card");
        await TypeAsync(dialog, "#card-title", "Look");
        var chooser = dialog.FindComponent<InputFile>();

        chooser.UploadFiles(InputFileContent.CreateFromText("<svg/>", "drawing.png"));
        dialog.WaitForAssertion(() => Assert.Equal("This is no PNG, JPEG or WebP, and chats draw no others.", dialog.Find("#card-picture-fault").TextContent));
        chooser.UploadFiles(InputFileContent.CreateFromBinary([0xFF, 0xD8, 0xFF, 0xE0, 1], "photo.jpg"));
        var shown = dialog.WaitForElement(".link-card img").GetAttribute("src");
        Assert.Equal("", dialog.Find("#card-picture-fault").TextContent);
        await SubmitAsync(dialog);

        dialog.WaitForElement(".link-made");
        Assert.Equal(new LinkPreview { Title = "Look", Image = shown }, Assert.Single(await StoredAsync()).Preview);
        Assert.Matches("^http://localhost/api/v1/pictures/[0-9a-f]{32}\\.jpg$", shown);
    }

    [Fact]
    public async Task Rules_are_shown_as_they_were_written_and_taken_away()
    {
        await SignInAsync();
        await AddLinkAsync("ruled", link => link.Rules = TargetRules.Of(
        [
            new TargetRule { Url = "https://example.com/de", Countries = ["DE", "AT"] },
            new TargetRule { Url = "https://example.com/b", Weight = 20 },
        ]));
        var edit = Open("ruled");
        edit.WaitForElement("#rule-1-weight");
        Assert.Equal(("DE, AT", "20"), (edit.Find("#rule-0-countries").GetAttribute("value"), edit.Find("#rule-1-weight").GetAttribute("value")));
        edit.Find("button[aria-label='Remove rule 1']").Click();
        await SubmitAsync(edit);
        edit.WaitForAssertion(() => Assert.Single(_saved));
        Assert.Equal("example.com/b", Assert.Single(Assert.Single(await StoredAsync()).Rules!.All).Name);
    }

    [Fact]
    public async Task The_next_link_begins_with_an_empty_form()
    {
        await SignInAsync();
        var dialog = Open();
        await TypeAsync(dialog, "#link-url", "https://example.com/1");
        await SubmitAsync(dialog);
        dialog.WaitForElement(".link-made button.again").Click();

        Assert.Equal("", dialog.Find("#link-url").GetAttribute("value"));
        Assert.Empty(Faults(dialog));
        await TypeAsync(dialog, "#link-url", "https://example.com/2");
        await SubmitAsync(dialog);

        dialog.WaitForAssertion(() => Assert.Equal("https://example.com/2", dialog.Find(".link-target").TextContent));
        Assert.Equal(2, (await StoredAsync()).Select(link => link.ShortCode).Distinct().Count());
    }

    [Fact]
    public async Task What_only_the_service_can_know_is_said_beside_its_field_and_the_form_stays()
    {
        await SignInAsync();
        var dialog = Open();
        await TypeAsync(dialog, "#link-url", "http://localhost/there");
        await SubmitAsync(dialog);
        dialog.WaitForAssertion(() => Assert.Contains("leads back here", dialog.Find("#link-url-fault").TextContent, StringComparison.Ordinal));

        await TypeAsync(dialog, "#link-url", "https://example.com/there");
        Assert.Empty(Faults(dialog));
        await TypeAsync(dialog, "#link-alias", "quick");
        IsFree(dialog, "quick");
        await App.AddAsync(Some.Link("quick"));
        await SubmitAsync(dialog);

        dialog.WaitForAssertion(() => Assert.Equal(["Somebody has this alias already."], Faults(dialog)));
        Assert.Equal("https://example.com/there", dialog.Find("#link-url").GetAttribute("value"));
        Assert.Empty(await StoredAsync());
    }

    [Fact]
    public async Task A_change_leaves_alone_what_was_not_touched()
    {
        await SignInAsync();
        await AddLinkAsync("mine", link => (link.MaxClicks, link.PasswordHash, link.PrivateStats) = (100, Some.PasswordHash("correct horse"), true));
        var dialog = Open("mine");
        dialog.WaitForAssertion(() => Assert.Equal("https://example.com/of/mine", dialog.Find("#link-url").GetAttribute("value")));
        Assert.Equal("100", dialog.Find("#link-limit").GetAttribute("value"));
        Assert.Equal("", dialog.Find("#link-password").GetAttribute("value"));

        // Meanwhile a program sets another limit.
        var link = Assert.Single(await StoredAsync());
        await App.Get<LinkService>().EditAsync(link.PublicId, new LinkEdit { MaxClicks = new(7) }, Viewer.User(Owner.Id), null, Xunit.TestContext.Current.CancellationToken);
        await dialog.CompleteAsync("link-tags", "mail");
        await SubmitAsync(dialog);

        dialog.WaitForAssertion(() => Assert.Single(_saved));
        link = Assert.Single(await StoredAsync());
        Assert.Equal((7, true, "mail"), (link.MaxClicks, LinkPassword.Matches(link.PasswordHash!, "correct horse"), Assert.Single(link.Tags).Name));
        Assert.Equal("/links?q=mine", Address);
    }

    [Fact]
    public async Task Its_own_alias_is_not_taken_and_none_at_all_is_refused()
    {
        await SignInAsync();
        await AddLinkAsync("mine");
        var dialog = Open("mine");

        dialog.WaitForElement("#link-alias").Input("");
        Assert.Equal(["An alias has 3 to 16 characters."], Faults(dialog));
        await TypeAsync(dialog, "#link-alias", "mine");
        Assert.Empty(Faults(dialog));
        await SubmitAsync(dialog);

        dialog.WaitForAssertion(() => Assert.Single(_saved));
    }

    [Fact]
    public async Task A_password_is_taken_away_or_replaced_and_never_shown()
    {
        await SignInAsync();
        await AddLinkAsync("mine", link => link.PasswordHash = Some.PasswordHash("correct horse"));
        var dialog = Open("mine");
        dialog.WaitForElement("#link-password").Input("another phrase");
        await SubmitAsync(dialog);
        dialog.WaitForAssertion(() => Assert.Single(_saved));
        Assert.True(LinkPassword.Matches(Assert.Single(await StoredAsync()).PasswordHash!, "another phrase"));

        dialog = Open("mine");
        dialog.WaitForElement("#link-password");
        await dialog.TickAsync("Remove the password", true);
        Assert.True(dialog.Find("#link-password").HasAttribute("disabled"));
        await SubmitAsync(dialog);

        dialog.WaitForAssertion(() => Assert.Equal(2, _saved.Count));
        Assert.Null(Assert.Single(await StoredAsync()).PasswordHash);
    }

    [Fact]
    public async Task A_blocked_link_can_be_read_and_not_saved()
    {
        await SignInAsync();
        await AddLinkAsync("mine", link => link.Status = LinkStatus.Blocked);

        var dialog = Open("mine");

        dialog.WaitForAssertion(() => Assert.Contains("The operator has blocked this link", dialog.Find(".mud-alert").TextContent, StringComparison.Ordinal));
        Assert.True(dialog.Find("button[type=submit]").HasAttribute("disabled"));
    }

    [Theory]
    [InlineData("theirs")]
    [InlineData("missing")]
    public async Task Somebody_elses_link_looks_like_one_that_does_not_exist(string code)
    {
        await SignInAsync();
        await App.AddAsync(Some.Link("theirs", await App.AddUserAsync()));

        var dialog = Open(code);

        dialog.WaitForAssertion(() => Assert.Contains($"You have no link “{code}”.", dialog.Markup, StringComparison.Ordinal));
        Assert.Empty(dialog.FindAll("form"));
    }

    [Fact]
    public async Task A_store_that_fails_while_saving_says_so_and_what_was_written_stays()
    {
        await SignInAsync();
        var dialog = Open();
        await TypeAsync(dialog, "#link-url", "https://example.com/page");
        Database.IsBroken = true;
        await SubmitAsync(dialog);

        dialog.WaitForAssertion(() => Assert.Equal("The database does not answer. Nothing was changed.", dialog.Find("[role=alert]").TextContent));
        Assert.Equal("https://example.com/page", dialog.Find("#link-url").GetAttribute("value"));

        Database.IsBroken = false;
        await SubmitAsync(dialog);
        dialog.WaitForAssertion(() => Assert.NotEmpty(dialog.FindAll(".link-made")));
        Assert.Single(await StoredAsync());
    }

    [Fact]
    public async Task A_store_that_fails_while_reading_does_not_make_a_link_one_that_does_not_exist()
    {
        await SignInAsync();
        await AddLinkAsync("mine");
        Database.IsBroken = true;

        var dialog = Open("mine");

        dialog.WaitForAssertion(() => Assert.Contains("The link could not be read", dialog.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.DoesNotContain("You have no link", dialog.Markup, StringComparison.Ordinal);
        Assert.Empty(dialog.FindAll("form"));

        Database.IsBroken = false;
        dialog.Find("[role=alert] button").Click();
        dialog.WaitForAssertion(() => Assert.Equal("https://example.com/of/mine", dialog.Find("#link-url").GetAttribute("value")));
    }

    [Fact]
    public async Task A_link_gets_a_title_and_a_note_and_what_its_destination_says_of_its_campaign_is_shown_and_changed()
    {
        await SignInAsync();
        var dialog = Open();
        await TypeAsync(dialog, "#link-url", "https://example.com/page?utm_source=news&x=1");
        await TypeAsync(dialog, "#link-title", "Spring sale");
        await TypeAsync(dialog, "#link-note", "Ask Ann");
        Assert.Equal("news", dialog.Find("#utm-source").GetAttribute("value"));

        await TypeAsync(dialog, "#utm-medium", "e mail");
        Assert.Equal("https://example.com/page?x=1&utm_source=news&utm_medium=e%20mail", dialog.Find("#link-url").GetAttribute("value"));
        await SubmitAsync(dialog);

        dialog.WaitForAssertion(() => Assert.Single(_saved));
        var link = Assert.Single(await StoredAsync());
        Assert.Equal(
            ("https://example.com/page?x=1&utm_source=news&utm_medium=e%20mail", "Spring sale", "Ask Ann"), (link.LongUrl, link.Title, link.Note));
    }

    [Fact]
    public async Task A_campaign_that_is_used_again_is_saved_under_a_name_and_chosen_by_it()
    {
        await SignInAsync();
        var dialog = Open();
        await TypeAsync(dialog, "#link-url", "https://example.com/a?utm_source=news&utm_medium=mail");
        await TypeAsync(dialog, "#utm-name", "Newsletter");
        await dialog.InvokeAsync(() => dialog.Find(".save-template button").Click());
        dialog.WaitForAssertion(() => Assert.Equal("", dialog.Find("#utm-name").GetAttribute("value") ?? ""));

        var template = Assert.Single(await App.Get<UtmTemplates>().ListAsync(Owner.Id, Xunit.TestContext.Current.CancellationToken));
        await TypeAsync(dialog, "#link-url", "https://example.com/b?utm_source=old#top");
        await dialog.SelectAsync("utm-template", template.Id);

        Assert.Equal("https://example.com/b?utm_source=news&utm_medium=mail#top", dialog.Find("#link-url").GetAttribute("value"));
    }

    [Fact]
    public async Task What_was_typed_before_the_connection_was_lost_is_back_until_one_starts_afresh()
    {
        await SignInAsync();
        JSInterop.Setup<Dictionary<string, string>?>("spooKept.read", $"{Owner.Id}:new").SetResult(new Dictionary<string, string>
        {
            ["link-url"] = "https://example.com/half-typed",
            ["tags"] = "mail",
            ["private"] = "false",
            ["link-password"] = "never kept",
        });

        var dialog = Open();

        dialog.WaitForAssertion(() => Assert.Equal("https://example.com/half-typed", dialog.Find("#link-url").GetAttribute("value")));
        Assert.Contains("mail", dialog.Find(".tags-field .chips").TextContent, StringComparison.Ordinal);
        Assert.Equal("", dialog.Find("#link-password").GetAttribute("value") ?? "");
        await dialog.InvokeAsync(() => dialog.Find(".restored button").Click());
        dialog.WaitForAssertion(() => Assert.Equal("", dialog.Find("#link-url").GetAttribute("value") ?? ""));
        Assert.NotEmpty(JSInterop.Invocations["spooKept.forget"]);
        Assert.Empty(dialog.FindAll(".restored"));
    }

    [Fact]
    public async Task When_a_link_expires_is_asked_on_a_clock_that_has_a_name()
    {
        await SignInAsync();
        var dialog = Open(zone: "America/New_York");
        Assert.Contains("Time zone: America/New York (UTC−05:00)", dialog.Find("#link-end-fault").TextContent, StringComparison.Ordinal);

        await EndAsync(dialog, "2026-07-01T09:30");

        dialog.WaitForAssertion(() => Assert.Contains("America/New York (UTC−04:00)", dialog.Find("#link-end-fault").TextContent, StringComparison.Ordinal));
        Assert.Equal("09:30", dialog.Find("#link-end-time").GetAttribute("value"));
    }

    private IRenderedComponent<Whole> Open(string? code = null, string zone = "UTC") => RenderWhole<LinkDialog>(dialog => dialog
        .Add(it => it.Code, code)
        .Add(it => it.CloseUrl, "/links?q=mine")
        .Add(it => it.Viewer, Viewer.User(Owner.Id))
        .Add(it => it.Zone, TimeZoneInfo.FindSystemTimeZoneById(zone))
        .Add(it => it.Saved, _saved.Add));

    private static IEnumerable<string> Faults(IRenderedComponent<Whole> dialog) =>
        dialog.FindAll("[id$=-fault]:not(.field-hint)").Select(fault => fault.TextContent.Trim()).Where(text => text.Length > 0);

    /// <summary>Waits for the answer about this alias, so that it is not drawn while a test does something else.</summary>
    private static void IsFree(IRenderedComponent<Whole> dialog, string alias) =>
        dialog.WaitForAssertion(() => Assert.Equal($"“{alias}” is free.", dialog.Find("#link-alias-hint").TextContent.Trim()));

    // Found and told in one go: between the two a drawing of the answer about an alias would make the element another one.
    private static Task TypeAsync(IRenderedComponent<Whole> dialog, string field, string text) =>
        dialog.InvokeAsync(() => dialog.Find(field).Input(text));

    private static Task SubmitAsync(IRenderedComponent<Whole> dialog) => dialog.InvokeAsync(() => dialog.Find("form").Submit());

    private static Task EndAsync(IRenderedComponent<Whole> dialog, string moment) =>
        dialog.InvokeAsync(() => dialog.FindComponent<ExpiryField>().Instance.ValueChanged.InvokeAsync(moment));
}
