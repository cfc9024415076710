using Microsoft.AspNetCore.Identity;
using Spoo.Data.Accounts;
using Spoo.Data.Database;

namespace Spoo.Web.Identity;

/// <summary>The first run as a page wants it: pages know no database.</summary>
public sealed class OwnerSetup(FirstRun firstRun, UserManager<SpooUser> users, SpooDbContext context, TimeProvider clock)
{
    public Task<bool> IsDueAsync() => firstRun.IsDueAsync(CancellationToken.None);

    /// <summary>The owner's account, signed in nowhere yet. Result null: another request was first.</summary>
    public async Task<(SpooUser Owner, IdentityResult? Result)> MakeAsync(string email, string password)
    {
        var owner = SpooUser.New(email, clock.GetUtcNow());
        return (owner, await firstRun.MakeOwnerAsync(owner, password, users, context, CancellationToken.None));
    }
}
