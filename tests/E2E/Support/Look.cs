using Microsoft.Playwright;

namespace Spoo.Stories.Support;

/// <summary>A photograph of a page for people to look at, and what axe finds wrong with it.</summary>
internal static class Look
{
    /// <summary>What is beside what changes with the window; which colour a text has, and which is behind it, changes with the theme. They are read once in each.</summary>
    private static readonly HashSet<(string? Story, string Name, bool IsDark)> ColoursRead = [];

    /// <param name="part">What has opened over a page that was looked at before, as a selector: only that is read again. Null: all of it is new.</param>
    public static async Task AtAsync(IPage page, string name, string shape, string? part = null)
    {
        if (part is not null)
        {
            await page.Locator(part).First.WaitForAsync();
        }

        await page.EvaluateAsync("scrollTo(0, 0)");
        await page.SettledAsync();
        await page.ScreenshotAsync(new() { Path = Repository.Screenshot($"{name}-{shape}"), FullPage = part is null, Scale = ScreenshotScale.Css });
        await page.AxeFindsNothingAsync(name, part, withColours: ColoursRead.Add((TestContext.Current.TestClass?.TestClassName, name, WindowShape.Named(shape).IsDark)));
        var width = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(width <= 0, $"{name} is {width} pixels wider than the window");
        var cut = await page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('details[open] > .menu-panel, .mud-popover-open')]
              .filter(panel => { const box = panel.getBoundingClientRect(); return box.left < 0 || box.right > innerWidth; })
              .map(panel => panel.parentElement.className + ' ' + panel.className)
            """);
        Assert.True(cut.Length == 0, $"{name}: the window cuts off {string.Join(", ", cut)}");
        var sideways = await page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('form')].filter(form => form.scrollWidth > form.clientWidth + 1 && getComputedStyle(form).overflowX !== 'visible').map(form => form.className)");
        Assert.True(sideways.Length == 0, $"{name}: too wide for their place are the forms {string.Join(", ", sideways)}");
        await IsReadableAsync(page, name);
        await HasItsRulesAsync(page, name);
    }

    /// <summary>In lists and dialogs nothing lies beyond the edge and no word is squeezed to a column of letters; below the buttons of a form there is no more of it.</summary>
    private static async Task IsReadableAsync(IPage page, string name)
    {
        var unreadable = await page.EvaluateAsync<string[]>(
            """
            () => {
              const found = [];
              const says = element => element.textContent.trim().slice(0, 40);
              for (const list of document.querySelectorAll(':is(.row-table, .link-table) .mud-table-container'))
                if (list.scrollWidth > list.clientWidth + 1) found.push('a list goes beyond its edge');
              for (const body of document.querySelectorAll('.modal-body'))
                if (body.scrollWidth > body.clientWidth + 1) found.push('a dialog is wider than its window');
              for (const cell of innerWidth > 960 ? [] : document.querySelectorAll('.row-table :is(th, td)'))
                if (cell.scrollWidth > cell.clientWidth + 1) found.push('cut off: ' + says(cell));
              for (const part of document.querySelectorAll('.link-head > .link-code, .row-table td > *, .row-table th > *')) {
                const box = part.getBoundingClientRect();
                if (part.checkVisibility() && !part.classList.contains('visually-hidden') && box.width < Math.min(says(part).length, 10) * 5)
                  found.push('squeezed: ' + says(part));
              }
              for (const buttons of document.querySelectorAll('.modal form > footer'))
                if (getComputedStyle(buttons).position === 'sticky' && buttons.getBoundingClientRect().bottom < buttons.parentElement.getBoundingClientRect().bottom - 1)
                  found.push('a form goes on below ' + says(buttons));
              return found;
            }
            """);
        Assert.True(unreadable.Length == 0, $"{name}: {string.Join("; ", unreadable)}");
    }

    /// <summary>Puts away what was said in passing, as a reader does who wants to see what is below.</summary>
    public static async Task PutAwayAsync(IPage page)
    {
        await page.EvaluateAsync("document.querySelectorAll('.mud-snackbar button').forEach(button => button.click())");
        await Assertions.Expect(page.Locator(".mud-snackbar")).ToHaveCountAsync(0);
    }

    /// <summary>
    /// The pages load the rules of those controls alone that they are made of (eng/page-assets.mjs). None of the rules that the library
    /// has for what stands on this page may be missing.
    /// </summary>
    private static async Task HasItsRulesAsync(IPage page, string name)
    {
        var missing = await page.EvaluateAsync<string[]>(
            """
            async () => {
              const used = new Set([...document.querySelectorAll('[class*="mud-"]')].flatMap(element => [...element.classList]));
              if (used.size === 0) return [];
              const sheet = document.querySelector('link[rel=stylesheet]').href;
              const key = 'rules lacking in ' + sheet;
              if (!localStorage.getItem(key)) {
                const named = text => new Set((text.match(/\.-?[_a-zA-Z][\w-]*/g) ?? []).map(name => name.slice(1)));
                const [all, ours] = await Promise.all([new URL('_content/MudBlazor/MudBlazor.min.css', document.baseURI), sheet].map(async url => named(await (await fetch(url)).text())));
                // What it says of pages that are read from right to left is not asked for.
                localStorage.setItem(key, JSON.stringify([...all].filter(name => !ours.has(name) && !name.endsWith('-rtl'))));
              }
              const lacking = new Set(JSON.parse(localStorage.getItem(key)));
              return [...used].filter(name => lacking.has(name));
            }
            """);
        Assert.True(missing.Length == 0, $"{name}: the style sheet lacks what the library says of {string.Join(", ", missing)}; see eng/page-assets.mjs");
    }
}
