using Spoo.Data;

namespace Spoo.Web.Limits;

/// <summary>
/// Gives memory back to the system when a burst of work is over. The runtime does so by collecting again, a little each time, and a server without work has no
/// reason to collect.
/// </summary>
internal sealed class IdleMemoryRounds(TimeProvider clock, ILogger<IdleMemoryRounds> logger) : Rounds(clock, logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenCollections = TimeSpan.FromSeconds(1);

    private readonly IdleMemory _memory = new();

    protected override TimeSpan FirstPause => Pause;

    protected override Task<TimeSpan> RoundAsync(CancellationToken cancellationToken)
    {
        var isDue = _memory.IsCollectionDue(GC.GetTotalAllocatedBytes());
        if (isDue)
        {
            // Only what is young: it takes milliseconds, however many clicks there are.
            GC.Collect(generation: 1, GCCollectionMode.Forced, blocking: true);
        }

        return Task.FromResult(isDue ? BetweenCollections : Pause);
    }
}

/// <summary>When a burst of work is over, told by how much memory has been taken since the process began.</summary>
internal sealed class IdleMemory
{
    /// <summary>Bytes that a server without work takes between two looks, at most.</summary>
    public const long Quiet = 8 << 20;

    /// <summary>Bytes whose remains are worth collecting.</summary>
    public const long Burst = 256 << 20;

    /// <summary>The runtime keeps for a few collections what it might need again.</summary>
    public const int Collections = 6;

    private long _allocated;
    private long _taken;
    private int _left;

    public bool IsCollectionDue(long allocated)
    {
        var taken = allocated - _allocated;
        _allocated = allocated;
        _taken += taken;
        if (taken > Quiet)
        {
            _left = 0;
            return false;
        }

        if (_taken >= Burst)
        {
            (_taken, _left) = (0, Collections);
        }

        if (_left == 0)
        {
            return false;
        }

        _left--;
        return true;
    }
}
