using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;

namespace Spoo.Data.Database;

/// <summary>A row that one process at a time works at.</summary>
internal interface ILeased
{
    /// <summary>Until then nobody else is at it; afterwards others may be, whether the one before has ended or not. Null: it never was taken.</summary>
    DateTimeOffset? HeldUntil { get; }

    /// <summary>The process that is at it. Null: none.</summary>
    string? HeldBy { get; }
}

/// <summary>
/// Takes rows for one process, so that of several nodes only one does what has to be done once. A process that ends in the middle is followed by
/// another one when the time of its lease is over.
/// </summary>
internal sealed class Lease(TimeProvider clock)
{
    public const int MaxHolderLength = 32;

    /// <summary>Nobody takes a row for so long: a process said so whose clock was ahead, and it is not believed.</summary>
    private static readonly TimeSpan TooLong = TimeSpan.FromDays(2);

    private readonly string _holder = RandomNumberGenerator.GetHexString(MaxHolderLength, lowercase: true);

    /// <summary>Takes rows that no process is at.</summary>
    /// <param name="rows">Those that are as they were when they were found to be due.</param>
    /// <returns>How many were taken: 0 where another process was quicker.</returns>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public Task<int> TakeAsync<T>(IQueryable<T> rows, TimeSpan time, CancellationToken cancellationToken)
        where T : class, ILeased => SetAsync(Free(rows, clock.GetUtcNow()), time, cancellationToken);

    /// <summary>As <see cref="TakeAsync"/>; what this process is at already, it keeps for as long again.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public Task<int> KeepAsync<T>(IQueryable<T> rows, TimeSpan time, CancellationToken cancellationToken)
        where T : class, ILeased
    {
        var now = clock.GetUtcNow();
        var latest = now + TooLong;
        return SetAsync(
            rows.Where(row => EF.Property<string?>(row, nameof(ILeased.HeldBy)) == _holder
                || EF.Property<DateTimeOffset?>(row, nameof(ILeased.HeldUntil)) == null
                || EF.Property<DateTimeOffset?>(row, nameof(ILeased.HeldUntil)) <= now || EF.Property<DateTimeOffset?>(row, nameof(ILeased.HeldUntil)) > latest),
            time,
            cancellationToken);
    }

    /// <summary>Gives back what this process is at.</summary>
    /// <param name="until">Before that nobody takes it. Null: at once somebody may.</param>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public Task<int> GiveBackAsync<T>(IQueryable<T> rows, DateTimeOffset? until, CancellationToken cancellationToken)
        where T : class, ILeased
    {
        DateTimeOffset? free = until ?? clock.GetUtcNow();
        return Held(rows).ExecuteUpdateAsync(
            set => set.SetProperty(row => EF.Property<DateTimeOffset?>(row, nameof(ILeased.HeldUntil)), free).SetProperty(row => EF.Property<string?>(row, nameof(ILeased.HeldBy)), (string?)null),
            cancellationToken);
    }

    /// <summary>Those that no process is at.</summary>
    public static IQueryable<T> Free<T>(IQueryable<T> rows, DateTimeOffset now)
        where T : class, ILeased
    {
        var latest = now + TooLong;
        return rows.Where(row => EF.Property<DateTimeOffset?>(row, nameof(ILeased.HeldUntil)) == null
            || EF.Property<DateTimeOffset?>(row, nameof(ILeased.HeldUntil)) <= now || EF.Property<DateTimeOffset?>(row, nameof(ILeased.HeldUntil)) > latest);
    }

    /// <summary>Those that this process is at, unless another has taken them over.</summary>
    public IQueryable<T> Held<T>(IQueryable<T> rows)
        where T : class, ILeased => rows.Where(row => EF.Property<string?>(row, nameof(ILeased.HeldBy)) == _holder);

    private Task<int> SetAsync<T>(IQueryable<T> rows, TimeSpan time, CancellationToken cancellationToken)
        where T : class, ILeased
    {
        DateTimeOffset? until = clock.GetUtcNow() + time;
        return rows.ExecuteUpdateAsync(
            set => set.SetProperty(row => EF.Property<DateTimeOffset?>(row, nameof(ILeased.HeldUntil)), until).SetProperty(row => EF.Property<string?>(row, nameof(ILeased.HeldBy)), _holder),
            cancellationToken);
    }
}
