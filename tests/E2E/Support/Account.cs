using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Transfer;
using Spoo.Data.Transfer.ClickFiles;

namespace Spoo.Stories.Support;

/// <summary>A person with an account, made without the pages where a story is not about signing up.</summary>
public sealed record Account(string Id, string Email, string Password)
{
    public const string SomePassword = "a long phrase of no meaning";

    public static async Task<Account> NewAsync(SpooServer server)
    {
        _ = server.Url;
        using var scope = server.Services.CreateScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<SpooUser>>();
        var id = PublicId.New(DateTimeOffset.UtcNow);
        var account = new Account(id, $"{id}@example.com", SomePassword);
        var result = await users.CreateAsync(
            new SpooUser { Id = id, UserName = account.Email, Email = account.Email, CreatedAt = DateTimeOffset.UtcNow }, account.Password);
        Assert.True(result.Succeeded, string.Join(", ", result.Errors.Select(error => error.Description)));
        return account;
    }

    public async Task<ImportReport> ImportAsync(SpooServer server, string file)
    {
        await using var content = File.OpenRead(file);
        return await server.Services.GetRequiredService<ClickImport>().RunAsync(
            new ClickFileToImport { Name = Path.GetFileName(file), Content = content, OwnerId = Id }, null, TestContext.Current.CancellationToken);
    }

    /// <summary>The token of a new key of this account.</summary>
    public async Task<string> NewKeyAsync(SpooServer server) =>
        (await server.Services.GetRequiredService<ApiKeyService>().CreateAsync(Id, "story", [ApiKeyScope.StatsRead, ApiKeyScope.UrlsRead])).Token;
}
