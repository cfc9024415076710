using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>What the other stories rely on: a page that not everybody can read does not go unnoticed, in a frame neither.</summary>
public sealed class FindWhatCannotBeRead(Chromium chromium, SpooServer server) : IClassFixture<SpooServer>
{
    [Theory]
    [InlineData("<main><h1>A picture</h1><img src='data:,'></main>", "image-alt")]
    [InlineData("<main><h1>Pale</h1><p style='color: #ccc'>Hardly seen</p></main>", "color-contrast")]
    [InlineData("<main><h1>A frame</h1><iframe title='inside' srcdoc='<html lang=en><title>x</title><main><h1>x</h1><img src=data:,></main>'></iframe></main>", "image-alt")]
    public async Task A_page_that_not_everybody_can_read_is_found(string body, string rule)
    {
        var page = await chromium.OpenAsync(server.Url);
        await page.SetContentAsync($"<!DOCTYPE html><html lang='en'><title>A page</title>{body}</html>");

        var found = await Assert.ThrowsAnyAsync<Exception>(() => page.AxeFindsNothingAsync());

        Assert.Contains(rule, found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_page_that_was_read_before_what_has_opened_is_read()
    {
        var page = await chromium.OpenAsync(server.Url);
        await page.SetContentAsync("<!DOCTYPE html><html lang='en'><title>A page</title><main><p style='color: #ccc'>Read before</p><div id='menu'><img src='data:,'></div><p id='fine'>Fine</p></main>");

        await page.AxeFindsNothingAsync("the page", "#fine");
        await Assert.ThrowsAnyAsync<Exception>(() => page.AxeFindsNothingAsync("the page", "#closed"));
        var found = await Assert.ThrowsAnyAsync<Exception>(() => page.AxeFindsNothingAsync("the page", "#menu"));

        Assert.Contains("image-alt", found.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("color-contrast", found.Message, StringComparison.Ordinal);
    }
}
