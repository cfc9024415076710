using System.Runtime.InteropServices;

namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>
/// Puts the clicks of several runs into one order. However many there are, each click is moved once: the reader whose visitor comes first hands on until another's
/// comes, and only what several have of the same visitor is looked at together.
/// </summary>
internal sealed class RunMerge(RunOrder order)
{
    private readonly PriorityQueue<RunReader, Turn> _waiting = new();
    private readonly List<RunReader> _sharing = [];
    private readonly List<RunReader> _ofProfile = [];
    private readonly List<long> _times = [];
    private readonly List<int> _clicks = [];

    /// <summary>The clicks of all these runs.</summary>
    /// <param name="runs">At least one.</param>
    public static ClickRun Of(IReadOnlyList<ClickRun> runs)
    {
        var some = runs.Where(run => run.Count > 0).ToList();
        if (some.Count < 2)
        {
            return some.Count == 0 ? runs[0] : some[0];
        }

        var order = new RunOrder(some.Sum(run => run.Count));
        new RunMerge(order).AddAll(some);
        return order.Take([.. some.Select(run => run.Table)]);
    }

    /// <summary>Adds the clicks of a visitor whom all these readers are at, each profile once, and lets them go on.</summary>
    public void AddShared(IReadOnlyList<RunReader> readers)
    {
        order.StartVisitor(readers[0].Visitor);
        while (FirstProfile(readers) is { } first)
        {
            _ofProfile.Clear();
            foreach (var reader in readers)
            {
                if (reader.HasProfile && (reader == first || reader.CompareProfile(first) == 0))
                {
                    _ofProfile.Add(reader);
                }
            }

            if (_ofProfile.Count == 1)
            {
                first.AddProfileTo(order);
            }
            else
            {
                AddSharedProfile();
            }
        }

        foreach (var reader in readers)
        {
            reader.EndVisitor();
        }
    }

    private static RunReader? FirstProfile(IReadOnlyList<RunReader> readers)
    {
        RunReader? first = null;
        foreach (var reader in readers)
        {
            if (reader.HasProfile && (first is null || reader.CompareProfile(first) < 0))
            {
                first = reader;
            }
        }

        return first;
    }

    private void AddAll(List<ClickRun> runs)
    {
        var (clicks, profiles) = (0, 0);
        foreach (var run in runs)
        {
            Wait(run.Read(_waiting.Count, clicks, profiles));
            clicks += run.Count;
            profiles += run.ProfileStarts.Count;
        }

        while (_waiting.TryDequeue(out var first, out _))
        {
            while (!first.AtEnd && _waiting.TryPeek(out var next, out _))
            {
                if (next.Visitor == first.Visitor)
                {
                    TakeShared(first);
                    AddShared(_sharing);
                    _sharing.ForEach(Wait);
                    first = _waiting.Count > 0 ? _waiting.Dequeue() : first;
                    continue;
                }

                do
                {
                    first.AddVisitorTo(order);
                }
                while (!first.AtEnd && first.Visitor < next.Visitor);

                // One step in the queue in place of two.
                first = first.AtEnd ? _waiting.Dequeue() : _waiting.EnqueueDequeue(first, TurnOf(first));
            }

            while (!first.AtEnd)
            {
                first.AddVisitorTo(order);
            }
        }
    }

    private void TakeShared(RunReader first)
    {
        _sharing.Clear();
        _sharing.Add(first);
        while (_waiting.TryPeek(out var next, out _) && next.Visitor == first.Visitor)
        {
            _sharing.Add(_waiting.Dequeue());
        }
    }

    private static Turn TurnOf(RunReader reader) => new(reader.Visitor, reader.Number);

    private void Wait(RunReader reader)
    {
        if (!reader.AtEnd)
        {
            _waiting.Enqueue(reader, TurnOf(reader));
        }
    }

    private void AddSharedProfile()
    {
        _times.Clear();
        _clicks.Clear();
        _ofProfile[0].StartProfileIn(order);
        foreach (var reader in _ofProfile)
        {
            reader.TakeProfile(_times, _clicks);
        }

        CollectionsMarshal.AsSpan(_times).Sort(CollectionsMarshal.AsSpan(_clicks));
        foreach (var click in _clicks)
        {
            order.Add(click, 1);
        }
    }

    /// <summary>Whose turn it is: by visitor, then by the number of the run, so that the same runs always come to the same order.</summary>
    private readonly record struct Turn(long Visitor, int Number) : IComparable<Turn>
    {
        public int CompareTo(Turn other) => Visitor == other.Visitor ? Number.CompareTo(other.Number) : Visitor.CompareTo(other.Visitor);
    }
}
