using System.Text;
using Microsoft.Playwright;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>Links come along as a CSV file, with its mistakes shown before anything is stored; then they are managed. In every shape.</summary>
public sealed class BringLinksAlong(Chromium chromium, SpooServer server) : IClassFixture<SpooServer>
{
    [Theory, MemberData(nameof(WindowShape.Names), MemberType = typeof(WindowShape))]
    public async Task A_file_is_looked_through_imported_and_its_links_are_managed(string shape)
    {
        var account = await Account.NewAsync(server);
        var page = await chromium.OpenAsync(server.Url, WindowShape.Named(shape));
        await new AccountPages(page).SignInAsync(account.Email, account.Password, "/links/import");
        await new DashboardView(page).ReadyAsync();
        await Look.AtAsync(page, "links-import", shape);

        var file = $"alias,long_url,tags\r\n{shape}-one,https://example.com/one,spring\r\n{shape}-two,not an address,\r\n{shape}-three,https://example.com/three,\r\n";
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "links.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(file) });
        await Assertions.Expect(page.GetByText("3 lines: 2 new links, already there: 0, bad: 1")).ToBeVisibleAsync();
        await Look.AtAsync(page, "links-import-preview", shape);

        await page.GetByRole(AriaRole.Button, new() { Name = "Import 2 links" }).ClickAsync();
        await page.GetByText("2 links added").WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "See your links" }).ClickAsync();
        await Assertions.Expect(page.Locator(".list-count")).ToHaveTextAsync("2");

        await page.GetByLabel($"Select {shape}-one").CheckAsync();
        await page.GetByLabel($"Select {shape}-three").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete…" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete 2 links" }).WaitForAsync();
        await Look.AtAsync(page, "links-delete-many", shape);

        foreach (var dialog in (string[])["new", "edit", "qr", "delete"])
        {
            await page.GotoAsync($"/links?dialog={dialog}&link={shape}-one");
            await new DashboardView(page).ReadyAsync();
            await page.GetByRole(AriaRole.Dialog).WaitForAsync();
            await Look.AtAsync(page, $"links-{dialog}", shape);
        }
    }
}
