using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Spoo.Stories.Support;

internal static class Axe
{
    private static readonly string Script = new BundledAxeScriptProvider().GetScript();

    /// <summary>The page as it stands can be read by everybody.</summary>
    /// <param name="page">The page.</param>
    /// <param name="name">What it is called where it cannot.</param>
    public static async Task AxeFindsNothingAsync(this IPage page, string name = "the page")
    {
        // Half faded in, everything is hard to read.
        await page.EvaluateAsync(
            "() => Promise.all(document.getAnimations().filter(moving => moving.playState === 'running' && moving.effect.getComputedTiming().endTime !== Infinity).map(moving => moving.finished.catch(() => { })))");
        var found = page.Frames.Count == 1
            ? await InOneFrameAsync(page)
            : [.. (await page.RunAxe()).Violations.Select(violation => $"{violation.Id} ({violation.Help}) at {string.Join(", ", violation.Nodes.Take(3).Select(node => node.Html))}")];
        Assert.True(found.Length == 0, $"{name}: {string.Join("; ", found)}");
    }

    /// <summary>
    /// The same rules on the same elements in half the time: the package asks each frame for its part and puts the parts together in a window of its own,
    /// with all that was right.
    /// </summary>
    private static async Task<string[]> InOneFrameAsync(IPage page)
    {
        if (!await page.EvaluateAsync<bool>("'axe' in window"))
        {
            await page.EvaluateAsync(Script);
        }

        return await page.EvaluateAsync<string[]>(
            """
            async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
              .map(violation => `${violation.id} (${violation.help}) at ${violation.nodes.slice(0, 3).map(node => node.html).join(', ')}`)
            """);
    }
}
