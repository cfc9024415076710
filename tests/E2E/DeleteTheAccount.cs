using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Transfer.ClickFiles;
using Spoo.Stories.Pages;
using Spoo.Stories.Support;

namespace Spoo.Stories;

/// <summary>A person who has some of everything deletes their account, and nothing of theirs is left; their neighbour notices nothing.</summary>
public sealed class DeleteTheAccount(Chromium chromium, SpooServer server) : IClassFixture<SpooServer>
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_deleted_is_told_and_gone()
    {
        var (leaver, neighbour) = (await Account.NewAsync(server), await Account.NewAsync(server));
        var theirs = await FillAsync(neighbour, "stays");
        var mine = await FillAsync(leaver, "leaves");
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.OK, HttpStatusCode.OK), await DoorsAsync("leaves", mine));
        Assert.NotEmpty(await WhereAsync(leaver.Id, leaver.Email, "leaves"));
        var page = await chromium.OpenAsync(server.Url);
        var pages = new AccountPages(page);
        await pages.SignInAsync(leaver.Email, leaver.Password, "/settings");

        await page.GetByRole(AriaRole.Link, new() { Name = "Delete the account" }).ClickAsync();
        await page.GetByLabel("Current password").FillAsync(leaver.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete the account" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Tick the box to say that you are sure.")).ToBeVisibleAsync();
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.OK, HttpStatusCode.OK), await DoorsAsync("leaves", mine));
        await page.GetByLabel("Current password").FillAsync(leaver.Password);
        await page.GetByRole(AriaRole.Checkbox, new() { Name = $"Yes, delete {leaver.Email}" }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete the account" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Your account is deleted" })).ToBeVisibleAsync();
        var receipt = await page.Locator(".receipt dd").AllTextContentsAsync();
        Assert.Equal([leaver.Email, "2", "3", "1"], receipt.Take(4));
        await page.AxeFindsNothingAsync();

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.Unauthorized), await DoorsAsync("leaves", mine));
        Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.OK, HttpStatusCode.OK), await DoorsAsync("stays", theirs));
        await pages.SignInAsync(leaver.Email, leaver.Password);
        await Assertions.Expect(page.GetByText("No account has this e-mail and password.")).ToBeVisibleAsync();
        Assert.Empty(await WhereAsync(leaver.Id, leaver.Email, "leaves"));
        Assert.NotEmpty(await WhereAsync("stays"));
        await using var database = Open();
        Assert.Equal(0, await database.Clicks.CountAsync(click => !database.Links.Any(link => link.Id == click.LinkId), Ended));
    }

    /// <summary>Two links, one of them with a public page, a tag and a change; three clicks, a view and a key, whose token is returned.</summary>
    /// <param name="word">It is in everything that the account calls its own.</param>
    private async Task<string> FillAsync(Account account, string word)
    {
        var (services, viewer) = (server.Services, Viewer.User(account.Id));
        var links = services.GetRequiredService<LinkService>();
        var draft = new LinkDraft { LongUrl = $"https://example.com/{word}", Alias = word, PrivateStats = false, Tags = [$"tag-{word}"] };
        var made = Assert.IsType<LinkOutcome.Done>(await links.CreateAsync(draft, viewer, null, Ended));
        await links.EditAsync(made.Link.PublicId, new LinkEdit { LongUrl = $"https://example.com/{word}/changed" }, viewer, null, Ended);
        var csv = string.Create(CultureInfo.InvariantCulture, $"""
            time,short_code,long_url,visitor
            {DateTimeOffset.UtcNow.AddHours(-2):O},{word},https://example.com/{word},v1
            {DateTimeOffset.UtcNow.AddHours(-1):O},{word},https://example.com/{word},v2
            {DateTimeOffset.UtcNow.AddHours(-1):O},{word}-too,https://example.com/{word}/too,v1
            """);
        await using var content = new MemoryStream(Encoding.UTF8.GetBytes(csv));
        var report = await services.GetRequiredService<ClickImport>().RunAsync(
            new ClickFileToImport { Name = $"clicks-{word}.csv", Content = content, OwnerId = account.Id }, null, Ended);
        Assert.Equal(3, report.Stored);
        await services.GetRequiredService<SavedViews>().SaveAsync(account.Id, $"View {word}", $"/dashboard/links/{word}?period=7d", Ended);
        return await account.NewKeyAsync(server);
    }

    /// <summary>What the link, its public page and the key answer. (Asked by HEAD, a link counts no click.)</summary>
    private async Task<(HttpStatusCode Link, HttpStatusCode PublicPage, HttpStatusCode Api)> DoorsAsync(string code, string token)
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var head = new HttpRequestMessage(HttpMethod.Head, $"{server.Url}/{code}");
        var link = await client.SendAsync(head, Ended);
        var page = await client.GetAsync($"{server.Url}/stats/{code}", Ended);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var api = await client.GetAsync($"{server.Url}/api/v1/stats", Ended);
        return (link.StatusCode, page.StatusCode, api.StatusCode);
    }

    /// <summary>The tables of the database, whichever there are, in whose rows one of these texts stands.</summary>
    private async Task<List<string>> WhereAsync(params string[] texts)
    {
        await using var database = Open();
        await database.Database.OpenConnectionAsync(Ended);
        var found = new List<string>();
        foreach (var table in database.Model.GetEntityTypes().Select(type => type.GetTableName()!).Distinct())
        {
            await using var command = database.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // The names of tables are the model's own.
            command.CommandText = $"SELECT * FROM \"{table}\"";
#pragma warning restore CA2100
            await using var rows = await command.ExecuteReaderAsync(Ended);
            var holds = false;
            while (await rows.ReadAsync(Ended))
            {
                for (var column = 0; column < rows.FieldCount; column++)
                {
                    var value = rows.GetValue(column) is byte[] bytes ? Encoding.Latin1.GetString(bytes) : Convert.ToString(rows.GetValue(column), CultureInfo.InvariantCulture);
                    holds |= texts.Any(text => value!.Contains(text, StringComparison.OrdinalIgnoreCase));
                }
            }

            if (holds)
            {
                found.Add(table);
            }
        }

        return found;
    }

    private SpooDbContext Open() => server.Services.GetRequiredService<IDbContextFactory<SpooDbContext>>().CreateDbContext();
}
