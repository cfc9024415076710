using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Database;

namespace Spoo.Data.Accounts;

/// <summary>
/// A brand-new installation has no administrator yet. The person who reads what the start of the server printed makes their account, and of
/// several who come at once, one.
/// </summary>
public sealed class FirstRun(IDbContextFactory<SpooDbContext> contexts, AccountOptions options, SecurityLog security)
{
    private const string CodeLetters = "23456789BCDFGHJKLMNPQRSTVWXZ";
    private const int CodeLength = 12;

    private volatile bool _hasAccounts;
    private volatile bool _hasAdministrator;

    /// <summary>Whether there is no account yet, and only the administrator may make the first.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<bool> IsDueAsync(CancellationToken cancellationToken)
    {
        if (_hasAccounts || options.SignUp == SignUpPolicy.Open)
        {
            return false;
        }

        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        _hasAccounts = await context.Users.AnyAsync(cancellationToken);
        return !_hasAccounts;
    }

    /// <summary>Whether a person can still become the first administrator.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<bool> IsWithoutAdministratorAsync(CancellationToken cancellationToken)
    {
        if (_hasAdministrator)
        {
            return false;
        }

        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        _hasAdministrator = await Administrators.All(context).AnyAsync(cancellationToken);
        return !_hasAdministrator;
    }

    /// <summary>What the person who sets the server up has to know. The same on every node; it is forgotten when there is an administrator.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<string> CodeAsync(CancellationToken cancellationToken)
    {
        if (options.SetupCode is { } chosen)
        {
            return chosen;
        }

        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        var secret = await InstallationSecret.FindOrAddAsync(
            context,
            new InstallationSecret { Name = InstallationSecret.Setup, Value = Encoding.ASCII.GetBytes(RandomNumberGenerator.GetString(CodeLetters, CodeLength)) },
            cancellationToken);
        return Encoding.ASCII.GetString(secret.Value);
    }

    /// <summary>Whether this is the code, in whichever case it was copied.</summary>
    public async Task<bool> IsCodeAsync(string? code, CancellationToken cancellationToken)
    {
        var right = await CodeAsync(cancellationToken);
        return code is not null && CryptographicOperations.FixedTimeEquals(Hash(code), Hash(right));

        static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text.Trim().ToUpperInvariant()));
    }

    /// <summary>An account was deleted; it may have been the last one.</summary>
    public void LookAgain() => (_hasAccounts, _hasAdministrator) = (false, false);

    /// <summary>Makes the administrator's account. Null: another request was first.</summary>
    /// <param name="users">Works on <paramref name="context"/>.</param>
    public async Task<IdentityResult?> MakeAdministratorAsync(
        SpooUser first, string password, UserManager<SpooUser> users, SpooDbContext context, CancellationToken cancellationToken)
    {
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await Administrators.HoldAsync(context, cancellationToken);
        if (await Administrators.All(context).AnyAsync(cancellationToken))
        {
            return null;
        }

        // The person who installs a server vouches for their own address.
        first.EmailConfirmed = true;
        var made = await users.CreateAsync(first, password);
        if (!made.Succeeded)
        {
            context.ChangeTracker.Clear();
            return made;
        }

        await Administrators.AddAsync(context, first.Id, cancellationToken);
        await context.InstallationSecrets.Where(secret => secret.Name == InstallationSecret.Setup).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        (_hasAccounts, _hasAdministrator) = (true, true);
        await security.RecordAsync(first.Id, SecurityEventKind.AccountMade, cancellationToken: cancellationToken);
        return made;
    }
}
