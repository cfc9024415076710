using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Database;

namespace Spoo.Data.Accounts;

/// <summary>
/// How much an account may have of something: the one place that decides. What a person was given wins over what everybody has; of everybody,
/// administrators are not limited.
/// </summary>
/// <remarks>
/// Redirects and calls ask without waiting, so what was given is held in memory; what another node gave holds here within <see cref="OtherNodes.Delay"/>.
/// </remarks>
public sealed class Quotas(IDbContextFactory<SpooDbContext> contexts, QuotaOptions everybody, AuditLog audit)
{
    /// <summary>The word for as much as they like.</summary>
    public const string Unlimited = "unlimited";

    /// <summary>What such a refusal is called, for programs.</summary>
    public const string Code = "quota_exceeded";

    private volatile Known? _known;

    /// <summary>What a kind is called on the command line.</summary>
    public static IReadOnlyDictionary<string, QuotaKind> Names { get; } = new Dictionary<string, QuotaKind>(StringComparer.OrdinalIgnoreCase)
    {
        ["links"] = QuotaKind.Links,
        ["clicks-a-month"] = QuotaKind.ClicksAMonth,
        ["stored-days"] = QuotaKind.StoredDays,
        ["api-calls-a-day"] = QuotaKind.ApiCallsADay,
        ["exports-at-once"] = QuotaKind.ExportsAtOnce,
    };

    /// <summary>Whether anybody at all is limited in this.</summary>
    public bool LimitsAny(QuotaKind kind) => everybody.Of(kind) is not null || _known?.Kinds.Contains(kind) == true;

    /// <summary>How much an account may have at most, as far as it is known at once. Null: as much as they like.</summary>
    public long? Most(string? userId, QuotaKind kind) =>
        userId is null || _known is not { } known ? null
        : known.Given.TryGetValue((userId, kind), out var own) ? own
        : known.Administrators.Contains(userId) ? null
        : everybody.Of(kind);

    /// <summary>As <see cref="Most"/>, and as of now: for what is done seldom, and by commands.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<long?> MostAsync(string? userId, QuotaKind kind, CancellationToken cancellationToken)
    {
        if (_known is null || LimitsAny(kind))
        {
            await ApplyAsync(cancellationToken);
        }

        return Most(userId, kind);
    }

    /// <summary>What was given to a person instead of what everybody has. Null values: as much as they like.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<IReadOnlyDictionary<QuotaKind, long?>> GivenAsync(string userId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return await context.AccountQuotas.AsNoTracking().Where(quota => quota.UserId == userId).ToDictionaryAsync(quota => quota.Kind, quota => quota.Most, cancellationToken);
    }

    /// <summary>Takes over what was given, here or on another node.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        var given = await context.AccountQuotas.AsNoTracking().ToDictionaryAsync(quota => (quota.UserId, quota.Kind), quota => quota.Most, cancellationToken);
        var administrators = await Administrators.All(context).Select(user => user.Id).ToListAsync(cancellationToken);
        _known = new Known(given, [.. given.Where(quota => quota.Value is not null).Select(quota => quota.Key.Kind)], administrators.ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>Gives a person a limit of their own, or takes it back. Not null: it stays as it was, and why.</summary>
    /// <param name="value">A number; <see cref="Unlimited"/>; nothing, for what everybody has.</param>
    /// <param name="actorId">Null: a command on the server.</param>
    public async Task<Refusal?> GiveAsync(string userId, QuotaKind kind, string? value, string? actorId, CancellationToken cancellationToken)
    {
        var text = value?.Trim() ?? "";
        long? most = null;
        if (text.Length > 0 && !string.Equals(text, Unlimited, StringComparison.OrdinalIgnoreCase))
        {
            var (least, largest) = kind == QuotaKind.StoredDays ? (SpooUser.MinRetentionDays, SpooUser.MaxRetentionDays) : (0, long.MaxValue);
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < least || number > largest)
            {
                return Refusal.Invalid($"{Name(kind)} should be a whole number from {least} to {largest}, '{Unlimited}', or nothing for what everybody has", Name(kind));
            }

            most = number;
        }

        await using (var context = await contexts.CreateDbContextAsync(cancellationToken))
        {
            var row = await context.AccountQuotas.FindAsync([userId, kind], cancellationToken);
            if (text.Length == 0)
            {
                context.AccountQuotas.RemoveRange(row is null ? [] : [row]);
            }
            else if (row is null)
            {
                context.AccountQuotas.Add(new AccountQuota { UserId = userId, Kind = kind, Most = most });
            }
            else
            {
                row.Most = most;
            }

            await context.SaveChangesAsync(cancellationToken);
        }

        await ApplyAsync(cancellationToken);
        await audit.RecordAsync(actorId, AuditAct.QuotaChanged, userId, $"{Name(kind)}: {(text.Length == 0 ? "as everybody" : most?.ToString(CultureInfo.InvariantCulture) ?? Unlimited)}", cancellationToken);
        return null;
    }

    public static string Name(QuotaKind kind) => Names.First(name => name.Value == kind).Key;

    private sealed record Known(Dictionary<(string UserId, QuotaKind Kind), long?> Given, HashSet<QuotaKind> Kinds, HashSet<string> Administrators);
}
