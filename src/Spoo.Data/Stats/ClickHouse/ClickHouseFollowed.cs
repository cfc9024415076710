using Spoo.Data.Database;
using Spoo.Data.Stats.Live;

namespace Spoo.Data.Stats.ClickHouse;

/// <summary>A shard as this process follows it.</summary>
internal sealed class ClickHouseFollowed(ClickHouseServer server, ClickHouseShard shard)
{
    private volatile string? _failure;

    public ClickHouseServer Server => server;

    public ClickHouseShard Shard => shard;

    public ClickHouseTables Tables { get; } = new(server);

    /// <summary>Null: it has not been found or made yet, or is gone.</summary>
    public ClickHouseCopy? Copy { get; private set; }

    /// <summary>Up to where it is copied at least.</summary>
    public FollowedWriters There { get; set; } = FollowedWriters.None;

    /// <summary>Why it could not be asked the last time, in words. Null: it could.</summary>
    public string? Failure
    {
        get => _failure;
        set => _failure = value;
    }

    public ClickHouseTable FamilyOf(EpochOfAll epoch) => ClickHouseTable.Of(server.Database, epoch, shard);

    /// <summary>Takes up a table of which nothing is known yet.</summary>
    public void Meet(ClickHouseTable? table) => (Copy, There) = (table is null ? null : new ClickHouseCopy(server, table), FollowedWriters.None);
}

/// <summary>The shards in one look: those that fail are left out of the rest of it, so that the others are followed without them.</summary>
internal sealed class ClickHouseAnswering(IReadOnlyList<ClickHouseFollowed> shards)
{
    private readonly HashSet<ClickHouseFollowed> _leftOut = [];
    private readonly List<ClickHouseException> _failures = [];

    public IEnumerable<ClickHouseFollowed> All => shards.Where(shard => !_leftOut.Contains(shard));

    public bool AreAll => _leftOut.Count == 0;

    /// <summary>Does the same on some shards, side by side.</summary>
    public async Task EachAsync(IEnumerable<ClickHouseFollowed> some, Func<ClickHouseFollowed, Task> work)
    {
        List<ClickHouseFollowed> asked = [.. some.Where(shard => !_leftOut.Contains(shard))];
        var failures = await Task.WhenAll(asked.Select(async shard =>
        {
            try
            {
                await work(shard);
                return null;
            }
            catch (ClickHouseException exception)
            {
                // At once, for questions that wait meanwhile.
                shard.Failure = exception.Message;
                return exception;
            }
        }));
        foreach (var (shard, failure) in asked.Zip(failures))
        {
            if (failure is not null)
            {
                Fail(shard, failure);
            }
        }
    }

    /// <summary>Does it on one shard after the other, where something is shared that only one may use at a time.</summary>
    public async Task InTurnAsync(Func<ClickHouseFollowed, Task> work)
    {
        foreach (var shard in All.ToList())
        {
            await EachAsync([shard], work);
        }
    }

    /// <summary>Goes on without a shard that has failed.</summary>
    public void Fail(ClickHouseFollowed shard, ClickHouseException failure)
    {
        _leftOut.Add(shard);
        _failures.Add(failure);
        shard.Failure = failure.Message;
        if (failure.IsMissingTable)
        {
            // A copy that is gone is made anew by the next look.
            shard.Meet(null);
        }
    }

    /// <summary>Goes on without a shard that waits for one that has failed.</summary>
    public void LeaveOut(ClickHouseFollowed shard) => _leftOut.Add(shard);

    /// <exception cref="ClickHouseException">A shard does not answer, or refuses.</exception>
    public void Require()
    {
        // One that is gone is looked for again, which is of no use while another is away.
        if (_failures.OrderBy(failure => failure.IsMissingTable).ToList() is [var first, ..])
        {
            throw new ClickHouseException(string.Join("; ", _failures.Select(failure => failure.Message)), first.InnerException!) { Server = first.Server };
        }
    }
}
