using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Playwright;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>A person whose browser asks for German reads German, with German numbers and dates.</summary>
[Collection(TwoYears.Name)]
public sealed class ReadItInGerman(Chromium chromium, ServerWithTwoYears house)
{
    [Fact]
    public async Task The_dashboard_speaks_German_and_understands_it()
    {
        var page = await chromium.OpenAsync(house.Server.Url, locale: "de-DE");
        var dashboard = new DashboardView(page);
        await dashboard.SignInAsync(house.Owner, $"?{ServerWithTwoYears.Days}&compare=year");

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Übersicht" })).ToBeVisibleAsync();
        await Assertions.Expect(dashboard.Change("Klicks")).ToContainTextAsync("+100 %");
        await Assertions.Expect(page.Locator(".chart-card h2")).ToContainTextAsync("1. – 12. März 2026 verglichen mit 1. – 12. März 2025");
        await Assertions.Expect(page.Locator(".report-line")).ToContainTextAsync("genau");
        Assert.Equal("Sonntag, 1. März 2026", (await dashboard.TableAsync())[0][0]);

        await page.Keyboard.PressAsync("c");
        await page.Keyboard.TypeAsync("vom 5.3.2026 bis 6.3.2026");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(dashboard.Tile("Klicks")).ToHaveTextAsync("22");
        await page.AxeFindsNothingAsync();
    }

    [Fact]
    public async Task No_page_says_an_English_word_of_ours()
    {
        var page = await chromium.OpenAsync(house.Server.Url, locale: "de-DE");
        var english = EnglishTexts();
        string[] open = ["/", "/account/login", "/account/register", "/account/forgotten", "/account/new-password?user=x&code=y", "/there/is/nothing", "/error"];
        string[] own =
        [
            "/dashboard", $"/dashboard?{ServerWithTwoYears.Days}&compare=year", $"/dashboard?{ServerWithTwoYears.Days}&chart=table&country=DE&city!=Berlin&tabs=channel,region,os,visitor_type",
            "/dashboard?period=for-ever", "/dashboard?period=all&details=country&search=zzz", "/dashboard?period=all&details=country", "/dashboard?period=all&filter=browser", "/dashboard?period=all&browser~=x&filter=browser",
            "/dashboard?show=keys", "/dashboard/links/spring", "/dashboard/links/missing", "/dashboard?city=Nirgendwo", "/links", "/links?q=zzz", "/links?dialog=new", "/links?dialog=edit&link=spring",
            "/links?dialog=qr&link=spring", "/links?dialog=delete&link=spring", "/links/import", "/links/missed", "/import", "/keys", "/keys?dialog=new", "/settings", "/settings/two-factor", "/settings/delete",
        ];
        List<string> found = [];

        foreach (var address in open)
        {
            await LookAsync(address);
        }

        await new AccountPages(page).SignInAsync(house.Owner.Email, house.Owner.Password);
        await new DashboardView(page).ReadyAsync();
        foreach (var address in own)
        {
            await LookAsync(address);
        }

        Assert.True(found.Count == 0, string.Join('\n', found));

        async Task LookAsync(string address)
        {
            await page.GotoAsync(address);
            if (own.Contains(address) && address is not ("/settings" or "/settings/two-factor" or "/settings/delete"))
            {
                await new DashboardView(page).ReadyAsync();
            }

            // What menus and screen readers say is said as well.
            var said = await page.EvaluateAsync<string[]>(
                """
                () => {
                  const texts = [document.title];
                  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
                  while (walk.nextNode()) if (!walk.currentNode.parentElement.closest('script, style, code, pre, kbd')) texts.push(walk.currentNode.data);
                  for (const element of document.querySelectorAll('[aria-label], [title], [placeholder], [alt], [data-label], [data-tip]'))
                    for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'data-label', 'data-tip']) if (element.hasAttribute(name)) texts.push(element.getAttribute(name));
                  return [...new Set(texts.map(text => text.trim().replace(/\s+/g, ' ')).filter(text => text))];
                }
                """);
            Assert.NotEmpty(said);
            found.AddRange(said.Where(text => english.Any(words => words.IsMatch(text))).Select(text => $"{address}: {text}"));
        }
    }

    /// <summary>The texts of the pages that are other ones in German; whatever is filled in may be anything.</summary>
    private static List<Regex> EnglishTexts()
    {
        var texts = XDocument.Load(Path.Combine(Repository.Root, "src", "Spoo.Web", "Words", "Texts.de.resx")).Root!.Elements("data")
            .Select(data => (English: data.Attribute("name")!.Value, German: data.Element("value")!.Value)).ToList();
        var german = texts.Select(text => text.German).ToHashSet(StringComparer.Ordinal);
        return [.. texts.Select(text => text.English)
            .Where(text => !german.Contains(text) && Regex.IsMatch(Regex.Replace(text, @"\{\d[^}]*\}", ""), "[A-Za-z]{3}"))
            .Select(text => new Regex("^" + string.Join(".+", Regex.Split(text, @"\{\d[^}]*\}").Select(Regex.Escape)) + "$"))];
    }
}
