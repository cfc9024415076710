using System.Net;
using System.Text.RegularExpressions;
using Spoo.Tests.Support;
using Spoo.Web.Components.Layout;

namespace Spoo.Tests.Layout;

/// <summary>The style sheets that the pages load, made of the theme and the files of their rooms.</summary>
public sealed partial class StyleSheetsTests(SpooApp app) : IClassFixture<SpooApp>
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task A_sheet_is_named_after_its_content_kept_for_good_and_compressed(string encoding)
    {
        var client = app.Anonymous();
        var path = await SheetOfAsync("/");
        var plain = await client.GetAsync(path, Ended);
        client.DefaultRequestHeaders.Add("Accept-Encoding", encoding);

        var compressed = await client.GetAsync(path, Ended);

        var cache = compressed.Headers.CacheControl!;
        Assert.True(cache is { Public: true, MaxAge.TotalDays: 365 } && cache.Extensions.Any(extension => extension.Name == "immutable"));
        Assert.Equal([encoding], compressed.Content.Headers.ContentEncoding);
        Assert.Equal("text/css", compressed.Content.Headers.ContentType!.MediaType);
        Assert.True((await compressed.Content.ReadAsByteArrayAsync(Ended)).Length < (await plain.Content.ReadAsByteArrayAsync(Ended)).Length / 3);
    }

    [Fact]
    public async Task A_sheet_of_another_content_is_not_there() =>
        Assert.Equal(HttpStatusCode.NotFound, (await app.Anonymous().GetAsync("/css/pages.0000000000.css", Ended)).StatusCode);

    [Fact]
    public async Task Pages_without_a_circuit_do_not_load_the_rules_of_the_controls()
    {
        var link = await app.AddAsync(Some.Link());
        foreach (var page in new[] { "/", "/account/login", $"/stats/{link.ShortCode}" })
        {
            var sheet = await app.Anonymous().GetStringAsync(await SheetOfAsync(page), Ended);
            Assert.DoesNotContain(".mud-button", sheet, StringComparison.Ordinal);
        }

        var signedIn = await app.SignedInAsync(await app.AddUserAsync());
        var circuit = Sheet().Match(await signedIn.GetStringAsync("/dashboard", Ended)).Groups[1].Value;
        Assert.Contains(".mud-button", await signedIn.GetStringAsync(circuit, Ended), StringComparison.Ordinal);
    }

    /// <summary>A rule that is in the sheet of other pages only does as much as none.</summary>
    [Fact]
    public async Task A_page_loads_the_rules_of_what_stands_on_it()
    {
        var (owner, locked) = (await app.AddUserAsync(), Some.Link());
        var (link, unowned) = (await app.AddAsync(Some.Link(owner: owner)), await app.AddAsync(Some.Link()));
        locked.PasswordHash = "never asked";
        await app.AddAsync(locked);
        await app.AddAsync(Some.Click(link), Some.Click(unowned, visitor: 2));
        var client = await app.SignedInAsync(owner);
        var all = Directory.EnumerateFiles(HouseRulesTests.SourceFolder("src", "Spoo.Web", "wwwroot", "css")).SelectMany(file => Named(File.ReadAllText(file))).ToHashSet(StringComparer.Ordinal);

        foreach (var (visitor, page) in (List<(HttpClient, string)>)
            [
                .. new[] { "/", $"/?made={unowned.ShortCode}", "/account/login", "/account/register", "/account/forgotten", "/error", $"/stats/{unowned.ShortCode}", $"/stats/{unowned.ShortCode}?embed=true", $"/stats/{unowned.ShortCode}?details=country", $"/stats/{locked.ShortCode}" }
                    .Select(path => (app.Anonymous(), path)),
                .. new[] { "/dashboard", $"/dashboard/links/{link.ShortCode}", "/links", "/keys", "/settings", "/settings/two-factor", "/settings/domains", "/settings/webhooks", "/settings/alerts", "/import", "/links/import", "/links/missed" }.Select(path => (client, path)),
            ])
        {
            using var answer = await visitor.GetAsync(page, Ended);
            var markup = await answer.Content.ReadAsStringAsync(Ended);
            var loaded = Named(await visitor.GetStringAsync(Sheet().Match(markup).Groups[1].Value, Ended)).ToHashSet(StringComparer.Ordinal);
            var worn = Worn().Matches(markup).SelectMany(match => match.Groups[1].Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Distinct();

            Assert.Equal((page, ""), (page, string.Join(' ', worn.Where(name => all.Contains(name) && !loaded.Contains(name)))));
        }
    }

    /// <summary>They are without a circuit, but a visitor who comes there has been on a page with one.</summary>
    [Fact]
    public async Task The_settings_load_no_sheet_that_the_dashboard_has_not_loaded()
    {
        var owner = await app.SignedInAsync(await app.AddUserAsync());

        var sheets = await Task.WhenAll(((string[])["/dashboard", "/settings", "/settings/two-factor"]).Select(async page => Sheet().Match(await owner.GetStringAsync(page, Ended)).Groups[1].Value));

        Assert.StartsWith("css/circuit.", Assert.Single(sheets.Distinct()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_name_that_a_sheet_uses_stands_for_something()
    {
        var link = await app.AddAsync(Some.Link());
        foreach (var page in new[] { "/", $"/stats/{link.ShortCode}" })
        {
            var sheet = await app.Anonymous().GetStringAsync(await SheetOfAsync(page), Ended);
            var defined = Defined().Matches(sheet).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);

            // These are set by the markup, or have a value of their own for where they are not.
            var used = Used().Matches(sheet).Select(match => match.Groups[1].Value).Except(["--width"], StringComparer.Ordinal);
            Assert.Empty(used.Where(name => !defined.Contains(name)).Distinct());
        }
    }

    [Fact]
    public void Every_colour_of_the_theme_has_a_light_and_a_dark_value_in_one_rule()
    {
        var rules = StyleSheets.ThemeRules();

        Assert.Matches("--mud-palette-background:light-dark\\(rgba\\([0-9,]+\\),rgba\\([0-9,]+\\)\\);", rules);
        Assert.Matches("--clicks:light-dark\\(#[0-9a-f]+,#[0-9a-f]+\\);", rules);

        // Names that stand for bare numbers are in all three places: for light, for dark, and for a browser that prefers dark.
        Assert.Equal(3, Regex.Count(rules, "--mud-palette-primary-rgb:"));
    }

    [Fact]
    public void Every_class_that_our_rules_name_is_somewhere_on_our_pages()
    {
        var web = HouseRulesTests.SourceFolder("src", "Spoo.Web");
        var sources = Directory.EnumerateFiles(web, "*", SearchOption.AllDirectories)
            .Where(file => (Path.GetExtension(file) is ".razor" or ".cs" or ".js") && !Regex.IsMatch(file, @"[/\\](bin|obj|lib)[/\\]"))
            .Select(File.ReadAllText);
        var words = sources.SelectMany(text => Word().Matches(text).Select(match => match.Value)).ToHashSet(StringComparer.Ordinal);

        // Those of the controls, of the map, and of the framework's own box are put there by their scripts.
        var unused = Directory.EnumerateFiles(Path.Combine(web, "wwwroot", "css"))
            .SelectMany(file => Named(File.ReadAllText(file)))
            .Where(name => !Regex.IsMatch(name, "^(mud-|jvm-|components-reconnect-|fixed$|pointer-events-none$|outline-none$)"))
            .Select(name => name.EndsWith("-menu-panel", StringComparison.Ordinal) ? name[..^"-panel".Length] : name)
            .Where(name => !words.Contains(name))
            .Distinct();

        Assert.Empty(unused);
    }

    private async Task<string> SheetOfAsync(string page)
    {
        // Before there is an account, the first page is another one.
        await app.AddUserAsync();
        var sheets = Sheet().Matches(await app.Anonymous().GetStringAsync(page, Ended));
        return Assert.Single(sheets).Groups[1].Value;
    }

    [GeneratedRegex("<link rel=\"stylesheet\" href=\"([^\"]+)\"")]
    private static partial Regex Sheet();

    private static IEnumerable<string> Named(string sheet) =>
        Regex.Matches(Regex.Replace(sheet, @"/\*.*?\*/|\{[^{}]*\}", " ", RegexOptions.Singleline), @"\.(-?[a-zA-Z_][\w-]*)").Select(match => match.Groups[1].Value);

    [GeneratedRegex(" class=\"([^\"]*)\"")]
    private static partial Regex Worn();

    [GeneratedRegex(@"(--[a-z0-9-]+)\s*:")]
    private static partial Regex Defined();

    [GeneratedRegex("[A-Za-z][A-Za-z0-9_-]*")]
    private static partial Regex Word();

    [GeneratedRegex(@"var\((--[a-z0-9-]+)\)")]
    private static partial Regex Used();
}
