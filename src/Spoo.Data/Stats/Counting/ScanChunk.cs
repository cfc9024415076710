using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Spoo.Data.Stats.Counting.Columns;

namespace Spoo.Data.Stats.Counting;

/// <summary>
/// Up to 1,024 clicks of a run that a scan looks at together, few enough that everything about them stays in the nearest
/// cache. The selected ones are listed, by click and by profile. In a whole block, where all are selected, rows follow each
/// other and need no list: columns are read as they lie. Where a question is about few of a run's clicks, they are looked up in its postings, and
/// a chunk is the next of them, however far they lie from each other.
/// </summary>
internal sealed class ScanChunk(ScanPlan plan)
{
    public const int Size = 1024;

    // For each pattern of eight starts, how many there are up to each of the eight places: eight bytes.
    private static readonly ulong[] StartsUpTo = [.. Enumerable.Range(0, 256).Select(CountUpTo)];

    private readonly SelectionMask _selection = new(plan, Size);
    private readonly SelectedRows _looked = new(plan, Size);
    private readonly ulong[] _mask = new ulong[Size / 64];
    private readonly int[] _rows = new int[Size];
    private readonly uint[] _visitors = new uint[Size];
    private readonly int[] _profileOfClick = new int[Size];
    private readonly int[] _profileRows = new int[Size];
    private readonly int[] _profileClicks = new int[Size];
    private readonly uint[] _profileVisitors = new uint[Size];

    private ClickRun? _run;
    private bool _looksUp;
    private uint _visitorBeforeRun;
    private int _length;

    // Where the clicks before this block left off: the last visitor, numbered from 1 through all runs, and the last profile's
    // row in this run, -1 before its first.
    private uint _visitorBefore;
    private int _profileBefore;
    private uint _lastVisitorCounted;

    public ClickRun Run => _run ?? throw new InvalidOperationException("No run has been started.");

    /// <summary>Row of the block's first click, selected or not.</summary>
    public int Start { get; private set; }

    /// <summary>Whether every click of the block is selected.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>How many clicks are selected.</summary>
    public int Count { get; private set; }

    /// <summary>Visitors with a selected click who had none in the blocks before.</summary>
    public int NewVisitors { get; private set; }

    /// <summary>Rows of the selected clicks; empty if the block is whole.</summary>
    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, IsWhole ? 0 : Count);

    /// <summary>Numbers of the selected clicks' visitors, ascending.</summary>
    public ReadOnlySpan<uint> Visitors => _visitors.AsSpan(0, Count);

    /// <summary>Profile rows of the selected clicks.</summary>
    public ReadOnlySpan<int> ProfileOfClick => _profileOfClick.AsSpan(0, Count);

    /// <summary>How many profiles have a selected click.</summary>
    public int ProfileCount { get; private set; }

    /// <summary>Row of the first profile that has a selected click.</summary>
    public int FirstProfile { get; private set; }

    /// <summary>Rows of the profiles that have a selected click; empty if the block is whole.</summary>
    public ReadOnlySpan<int> ProfileRows => _profileRows.AsSpan(0, IsWhole ? 0 : ProfileCount);

    /// <summary>How many selected clicks each of these profiles has.</summary>
    public ReadOnlySpan<int> ProfileClicks => _profileClicks.AsSpan(0, ProfileCount);

    /// <summary>Numbers of these profiles' visitors, ascending.</summary>
    public ReadOnlySpan<uint> ProfileVisitors => _profileVisitors.AsSpan(0, ProfileCount);

    private int Words => (_length + 63) / 64;

    private ReadOnlySpan<ulong> VisitorStarts => Run.VisitorStarts.Words.Slice(Start / 64, Words);

    private ReadOnlySpan<ulong> ProfileStarts => Run.ProfileStarts.Words.Slice(Start / 64, Words);

    /// <param name="run">The run.</param>
    /// <param name="linksLookedUp">The links whose clicks are looked up in the run's postings; null to look through all of its clicks.</param>
    public void StartRun(ClickRun run, int[]? linksLookedUp)
    {
        _run = run;
        _looksUp = linksLookedUp is not null;
        if (linksLookedUp is not null)
        {
            _visitorBeforeRun = _visitorBefore;
            _looked.Start(run, linksLookedUp);
        }

        (Start, _length, _profileBefore) = (0, 0, -1);
    }

    /// <summary>Goes on to the run's next clicks and selects among them.</summary>
    /// <param name="all">Whether it is known that the question selects all clicks of the run.</param>
    public bool Next(bool all)
    {
        if (_looksUp)
        {
            return NextLookedUp();
        }

        _visitorBefore += (uint)CountBits(VisitorStarts);
        _profileBefore += CountBits(ProfileStarts);
        Start += _length;
        _length = Math.Min(Size, Run.Count - Start);
        if (_length == 0)
        {
            return false;
        }

        var mask = _mask.AsSpan(0, Words);
        if (!all)
        {
            mask.Fill(ulong.MaxValue);
            mask[^1] >>= -_length; // as many bits as clicks
            _selection.Keep(Run, Start, _profileBefore, mask);
        }

        Count = all ? _length : CountBits(mask);
        IsWhole = Count == _length;
        return true;
    }

    /// <summary>Lists what is selected.</summary>
    /// <param name="byClick">Whether a whole block's clicks are to be listed with their visitors.</param>
    /// <param name="withProfile">Whether also with their profiles.</param>
    /// <param name="byProfile">Whether profiles are to be listed.</param>
    public void List(bool byClick, bool withProfile, bool byProfile)
    {
        if (!IsWhole)
        {
            if (_looksUp)
            {
                ListLookedUp();
            }
            else
            {
                ListSelected();
            }

            if (byProfile)
            {
                ListProfilesOfSelected();
            }

            return;
        }

        var firstVisitor = _visitorBefore + (uint)(VisitorStarts[0] & 1);
        var lastVisitor = _visitorBefore + (uint)CountBits(VisitorStarts);
        NewVisitors = (int)(lastVisitor - firstVisitor) + (firstVisitor == _lastVisitorCounted ? 0 : 1);
        _lastVisitorCounted = lastVisitor;
        if (byClick)
        {
            ListStarts(VisitorStarts, _visitorBefore, _visitors);
        }

        if (withProfile)
        {
            ListStarts(ProfileStarts, (uint)_profileBefore, MemoryMarshal.Cast<int, uint>(_profileOfClick.AsSpan()));
        }

        if (byProfile)
        {
            ListAllProfiles();
        }
    }

    private bool NextLookedUp()
    {
        IsWhole = false;
        Count = _looked.Next(_rows, _profileOfClick);
        if (Count == 0)
        {
            _visitorBefore = _visitorBeforeRun + (uint)Run.Visitors.Length;
        }

        return Count > 0;
    }

    private void ListLookedUp()
    {
        var visitors = _visitors.AsSpan(0, Count);
        Run.VisitorStarts.CountUpTo(Rows, MemoryMarshal.Cast<uint, int>(visitors));
        var (newVisitors, last) = (0, _lastVisitorCounted);
        foreach (ref var visitor in visitors)
        {
            visitor += _visitorBeforeRun;
            newVisitors += visitor != last ? 1 : 0;
            last = visitor;
        }

        NewVisitors = newVisitors;
        _lastVisitorCounted = last;
    }

    private static int CountBits(ReadOnlySpan<ulong> words)
    {
        var count = 0;
        foreach (var word in words)
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    private static ulong CountUpTo(int pattern)
    {
        var counts = 0UL;
        for (var place = 0; place < 8; place++)
        {
            counts |= (ulong)BitOperations.PopCount((uint)pattern & ((2U << place) - 1)) << (place * 8);
        }

        return counts;
    }

    /// <summary>For every click, the number of what it belongs to: one more at each start.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ListStarts(ReadOnlySpan<ulong> starts, uint before, Span<uint> numbers)
    {
        ref var to = ref MemoryMarshal.GetReference(numbers);
        ref var table = ref MemoryMarshal.GetArrayDataReference(StartsUpTo);
        for (var word = 0; word < starts.Length; word++)
        {
            var bits = starts[word];
            for (var click = word * 64; click < (word * 64) + 64; click += 8, bits >>= 8)
            {
                var counts = Vector128.CreateScalar(Unsafe.Add(ref table, (nint)(byte)bits)).AsByte();
                var (low, high) = Vector128.Widen(Vector128.WidenLower(counts));
                (low + Vector128.Create(before)).StoreUnsafe(ref to, (nuint)click);
                (high + Vector128.Create(before)).StoreUnsafe(ref to, (nuint)(click + 4));
                before += (uint)BitOperations.PopCount((uint)(byte)bits);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ListSelected()
    {
        var visitorStarts = VisitorStarts;
        var profileStarts = ProfileStarts;
        var (visitors, profile) = (_visitorBefore, _profileBefore);
        var (count, newVisitors, last) = (0, 0, _lastVisitorCounted);
        for (var word = 0; word < visitorStarts.Length; word++)
        {
            for (var left = _mask[word]; left != 0; left &= left - 1)
            {
                var upToClick = left ^ (left - 1);
                var visitor = visitors + (uint)BitOperations.PopCount(visitorStarts[word] & upToClick);
                _rows[count] = Start + (word * 64) + BitOperations.TrailingZeroCount(left);
                _visitors[count] = visitor;
                _profileOfClick[count] = profile + BitOperations.PopCount(profileStarts[word] & upToClick);
                newVisitors += visitor != last ? 1 : 0;
                last = visitor;
                count++;
            }

            visitors += (uint)BitOperations.PopCount(visitorStarts[word]);
            profile += BitOperations.PopCount(profileStarts[word]);
        }

        NewVisitors = newVisitors;
        _lastVisitorCounted = last;
    }

    /// <summary>Draws the selected clicks of a profile together. Without a branch, because how many there are is unforeseeable.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ListProfilesOfSelected()
    {
        var profile = -1;
        var last = -1;
        for (var click = 0; click < Count; click++)
        {
            profile += _profileOfClick[click] != last ? 1 : 0;
            last = _profileOfClick[click];
            _profileRows[profile] = last;
            _profileVisitors[profile] = _visitors[click];
            _profileClicks[profile] = click + 1; // for now, how many clicks there are up to this profile's last
        }

        ProfileCount = profile + 1;
        for (; profile > 0; profile--)
        {
            _profileClicks[profile] -= _profileClicks[profile - 1];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ListAllProfiles()
    {
        var visitorStarts = VisitorStarts;
        var profileStarts = ProfileStarts;
        var visitors = _visitorBefore;
        var goesOn = (profileStarts[0] & 1) == 0; // the block begins within a profile
        var count = goesOn ? 1 : 0;
        FirstProfile = goesOn ? _profileBefore : _profileBefore + 1;
        _profileVisitors[0] = visitors;
        _profileClicks[0] = 0; // for now, the first click of each
        for (var word = 0; word < profileStarts.Length; word++)
        {
            for (var left = profileStarts[word]; left != 0; left &= left - 1)
            {
                _profileClicks[count] = (word * 64) + BitOperations.TrailingZeroCount(left);
                _profileVisitors[count] = visitors + (uint)BitOperations.PopCount(visitorStarts[word] & (left ^ (left - 1)));
                count++;
            }

            visitors += (uint)BitOperations.PopCount(visitorStarts[word]);
        }

        ProfileCount = count;
        for (var profile = 0; profile < count - 1; profile++)
        {
            _profileClicks[profile] = _profileClicks[profile + 1] - _profileClicks[profile];
        }

        _profileClicks[count - 1] = _length - _profileClicks[count - 1];
    }
}
