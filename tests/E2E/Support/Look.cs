using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Spoo.Stories.Support;

/// <summary>A photograph of a page for people to look at, and what axe finds wrong with it.</summary>
internal static class Look
{
    public static async Task AtAsync(IPage page, string name, string shape)
    {
        await page.EvaluateAsync("scrollTo(0, 0)");
        await page.ScreenshotAsync(new() { Path = Repository.Screenshot($"{name}-{shape}"), FullPage = true });
        var result = await page.RunAxe();
        Assert.True(
            result.Violations.Length == 0,
            $"{name}: " + string.Join("; ", result.Violations.Select(violation =>
                $"{violation.Id} ({violation.Help}) at {string.Join(", ", violation.Nodes.Take(3).Select(node => node.Html))}")));
        var width = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(width <= 0, $"{name} is {width} pixels wider than the window");
        var cut = await page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('details[open] > .menu-panel')]
              .filter(panel => { const box = panel.getBoundingClientRect(); return box.left < 0 || box.right > innerWidth; })
              .map(panel => panel.parentElement.className)
            """);
        Assert.True(cut.Length == 0, $"{name}: the window cuts off {string.Join(", ", cut)}");
    }
}
