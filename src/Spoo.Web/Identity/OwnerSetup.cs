using Microsoft.AspNetCore.Identity;
using Spoo.Data.Accounts;
using Spoo.Data.Database;

namespace Spoo.Web.Identity;

/// <summary>The first run as a page wants it: pages know no database.</summary>
public sealed class OwnerSetup(FirstRun firstRun, UserManager<SpooUser> users, SpooDbContext context, TimeProvider clock)
{
    /// <summary>Whether every page leads to the first run, because there is nothing else to do yet.</summary>
    public Task<bool> IsDueAsync() => firstRun.IsDueAsync(CancellationToken.None);

    /// <summary>Whether the first run can still be made.</summary>
    public Task<bool> IsOpenAsync() => firstRun.IsWithoutAdministratorAsync(CancellationToken.None);

    public Task<bool> IsCodeAsync(string? code) => firstRun.IsCodeAsync(code, CancellationToken.None);

    /// <summary>The administrator's account, signed in nowhere yet. Result null: another request was first.</summary>
    public async Task<(SpooUser First, IdentityResult? Result)> MakeAsync(string email, string password)
    {
        var first = SpooUser.New(email, clock.GetUtcNow());
        return (first, await firstRun.MakeAdministratorAsync(first, password, users, context, CancellationToken.None));
    }
}
