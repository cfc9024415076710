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
    /// <param name="part">Only what this selector finds. Null: the whole page.</param>
    /// <param name="withColours">Whether texts are compared with what is behind them, which takes two thirds of the time.</param>
    public static async Task AxeFindsNothingAsync(this IPage page, string name = "the page", string? part = null, bool withColours = true)
    {
        // Half faded in, everything is hard to read.
        await page.EvaluateAsync(
            "() => Promise.all(document.getAnimations().filter(moving => moving.playState === 'running' && moving.effect.getComputedTiming().endTime !== Infinity).map(moving => moving.finished.catch(() => { })))");
        var found = page.Frames.Count == 1
            ? await InOneFrameAsync(page, part, withColours)
            : [.. (await page.RunAxe()).Violations.Select(violation => $"{violation.Id} ({violation.Help}) at {string.Join(", ", violation.Nodes.Take(3).Select(node => node.Html))}")];
        Assert.True(found.Length == 0, $"{name}: {string.Join("; ", found)}");
    }

    /// <summary>
    /// The same rules on the same elements in half the time: the package asks each frame for its part and puts the parts together in a window of its own,
    /// with all that was right.
    /// </summary>
    private static async Task<string[]> InOneFrameAsync(IPage page, string? part, bool withColours)
    {
        if (!await page.EvaluateAsync<bool>("'axe' in window"))
        {
            await page.EvaluateAsync(Script);
        }

        // Nothing is loaded ahead: that is for rules about media, and about style sheets of other hosts.
        return await page.EvaluateAsync<string[]>(
            """
            async ({ part, withColours }) => (await axe.run(part ?? document, { resultTypes: ['violations'], preload: false, rules: { 'color-contrast': { enabled: withColours } } })).violations
              .map(violation => `${violation.id} (${violation.help}) at ${violation.nodes.slice(0, 3).map(node => node.html).join(', ')}`)
            """,
            new { part, withColours });
    }
}
