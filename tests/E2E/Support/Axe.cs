using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Spoo.Stories.Support;

internal static class Axe
{
    /// <summary>The page as it stands can be read by everybody.</summary>
    public static async Task AxeFindsNothingAsync(this IPage page)
    {
        var result = await page.RunAxe();
        Assert.True(
            result.Violations.Length == 0,
            string.Join("; ", result.Violations.Select(violation => $"{violation.Id}: {string.Join(", ", violation.Nodes.Select(node => node.Html))}")));
    }
}
