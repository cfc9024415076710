using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Database;
using Spoo.Data.Stats;
using Spoo.Data.Stats.ClickHouse;
using Spoo.Data.Stats.Live;

namespace Spoo.Data.Care;

/// <summary>A process that stores clicks, and up to which number of its journal it has.</summary>
public sealed record ServerNode(int Id, string Name, DateTimeOffset CreatedAt, long LastSequence);

/// <param name="Email">Null: clicks of links without an owner, or of an account that is gone.</param>
public sealed record IndexOfAccount(string? Email, long Bytes, long Clicks);

/// <param name="At">Null: it has not run yet.</param>
/// <param name="Failure">Null: it went well.</param>
public sealed record RoundResult(string Name, DateTimeOffset? At, string? Failure);

/// <summary>How the server is.</summary>
public sealed record SystemReport
{
    public required string Version { get; init; }

    public required DatabaseKind Database { get; init; }

    public required string DataFolder { get; init; }

    public required long FreeDisk { get; init; }

    public required string Rules { get; init; }

    public required IReadOnlyList<PlaceDatabase> Places { get; init; }

    public required IReadOnlyList<ServerNode> Nodes { get; init; }

    /// <summary>The largest first.</summary>
    public required IReadOnlyList<IndexOfAccount> Indexes { get; init; }

    /// <summary>The servers that count clicks. None: they are counted in this process.</summary>
    public required IReadOnlyList<ClickHouseState> ClickHouse { get; init; }

    public required IReadOnlyList<RoundResult> Rounds { get; init; }

    /// <summary>Null: never.</summary>
    public required (DateTimeOffset At, string? Detail)? LastAudit { get; init; }

    /// <summary>Null: never.</summary>
    public required (DateTimeOffset At, string? Detail)? LastBackup { get; init; }
}

/// <summary>Looks at the server as a whole, for administrators.</summary>
public sealed class SystemState(
    IDbContextFactory<SpooDbContext> contexts,
    LiveClicks clicks,
    ClickHouseWatch clickHouse,
    StatsOptions stats,
    AuditTrail trail,
    Places places,
    IOptions<DataOptions> data,
    IEnumerable<IHostedService> services)
{
    /// <summary>Accounts whose index is named; those of thousands would fill the page.</summary>
    private const int MostIndexes = 20;

    public static string Version { get; } =
        typeof(SystemState).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<SystemReport> ReadAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        var indexes = clicks.ByOwner().OrderByDescending(index => index.Bytes).Take(MostIndexes).ToList();
        var ids = indexes.Select(index => index.OwnerId).OfType<string>().ToList();
        var names = await context.Users.Where(user => ids.Contains(user.Id)).ToDictionaryAsync(user => user.Id, user => user.Email, cancellationToken);
        return new SystemReport
        {
            Version = Version,
            Database = data.Value.Database,
            DataFolder = data.Value.PathOf(),
            FreeDisk = new DriveInfo(data.Value.PathOf()).AvailableFreeSpace,
            Rules = ClickReader.Rules,
            Places = places.Databases,
            Nodes = await context.ClickWriters.AsNoTracking().Where(writer => writer.OwnerId == null).OrderBy(writer => writer.Id)
                .Select(writer => new ServerNode(writer.Id, writer.Name, writer.CreatedAt, writer.LastSequence)).ToListAsync(cancellationToken),
            Indexes = [.. indexes.Select(index => new IndexOfAccount(index.OwnerId is { } id ? names.GetValueOrDefault(id) : null, index.Bytes, index.Clicks))],
            ClickHouse = stats.Engine == StatsEngine.ClickHouse ? await clickHouse.LookAsync(cancellationToken) : [],
            Rounds = [.. services.OfType<Rounds>().Select(rounds => new RoundResult(rounds.GetType().Name, rounds.LastAt, rounds.LastFailure))],
            LastAudit = await trail.LastAsync(AuditAct.ClicksAudited, cancellationToken),
            LastBackup = await trail.LastAsync(AuditAct.BackupMade, cancellationToken),
        };
    }
}
