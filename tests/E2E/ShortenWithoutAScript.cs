using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>A person without an account, and without JavaScript, shortens an address on the home page.</summary>
public sealed class ShortenWithoutAScript(Chromium chromium) : IAsyncLifetime
{
    private readonly SpooServer _server = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_home_page_shortens_and_the_link_moves_into_the_account_of_its_maker()
    {
        var maker = await Account.NewAsync(_server);
        var page = await chromium.OpenAsync(_server.Url, withScripts: false);

        await page.GotoAsync("/");
        await page.GetByLabel("Address to shorten").FillAsync("not an address");
        await page.GetByRole(AriaRole.Button, new() { Name = "Shorten" }).ClickAsync();
        await Assertions.Expect(page.GetByText("An address begins with http://")).ToBeVisibleAsync();
        await page.GetByLabel("Address to shorten").FillAsync("example.com/a/long/address");
        await page.GetByText("Choose the alias yourself").ClickAsync();
        await page.GetByLabel("Alias", new() { Exact = true }).FillAsync("short1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Shorten" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = $"{_server.Url}/short1" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByAltText("QR code of")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("belongs to nobody yet")).ToBeVisibleAsync();

        await new AccountPages(page).SignInAsync(maker.Email, maker.Password, "/links");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/links$"));
        await Assertions.Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "short1" })).ToContainTextAsync("example.com/a/long/address");
    }
}
