using System.Runtime.InteropServices;
using Spoo.Data.Stats.Counting.Columns;

namespace Spoo.Data.Stats.Counting;

/// <summary>The clicks that a question selects among those of few links, found by the run's postings.</summary>
internal sealed class SelectedRows(ScanPlan plan, int mostAtOnce)
{
    // Of the piece that is being looked at, the rows counted from its first.
    private readonly List<ushort> _inPiece = [];
    private readonly int[] _codes = new int[mostAtOnce];

    private ClickRun _run = null!;
    private int[] _links = [];
    private int _nextPiece;
    private int _firstRow;
    private int _next;

    public void Start(ClickRun run, int[] links)
    {
        (_run, _links, _nextPiece, _next) = (run, links, 0, 0);
        _inPiece.Clear();
    }

    /// <summary>The next selected clicks, as many as there is room for.</summary>
    /// <param name="rows">Gets their rows, ascending.</param>
    /// <param name="profiles">Gets the profile row of each.</param>
    /// <returns>How many there are; 0 if the run has no more.</returns>
    public int Next(Span<int> rows, Span<int> profiles)
    {
        var count = 0;
        while (count < rows.Length && Found())
        {
            var some = Math.Min(rows.Length - count, _inPiece.Count - _next);
            count += Select(CollectionsMarshal.AsSpan(_inPiece).Slice(_next, some), rows[count..], profiles[count..]);
            _next += some;
        }

        return count;
    }

    /// <summary>Goes on to a piece that has clicks left to be looked at, if there is one.</summary>
    private bool Found()
    {
        while (_next == _inPiece.Count)
        {
            if (_nextPiece == _run.Postings.Pieces)
            {
                return false;
            }

            _firstRow = _run.Postings.Read(_links, _nextPiece++, _inPiece);
            _next = 0;
        }

        return true;
    }

    private int Select(ReadOnlySpan<ushort> among, Span<int> rows, Span<int> profiles)
    {
        for (var i = 0; i < among.Length; i++)
        {
            rows[i] = _firstRow + among[i];
        }

        var count = _run.Table.Times.Keep(plan.Question.From, plan.Question.To, rows[..among.Length]);
        if (plan.Sources is { } sources)
        {
            _run.Table.Sources.Gather(rows[..count], _codes);
            count = Keep(sources, rows[..count], []);
        }

        _run.ProfileStarts.CountUpTo(rows[..count], profiles);
        foreach (ref var profile in profiles[..count])
        {
            profile--;
        }

        foreach (var (column, set) in plan.Profiles)
        {
            _run.Table.Profiles[column].Gather(profiles[..count], _codes);
            count = Keep(set, rows[..count], profiles[..count]);
        }

        return count;
    }

    /// <summary>Draws together the rows, and profiles if there are any, whose gathered code passes.</summary>
    private int Keep(CodeSet set, Span<int> rows, Span<int> profiles)
    {
        var kept = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            rows[kept] = rows[i];
            if (!profiles.IsEmpty)
            {
                profiles[kept] = profiles[i];
            }

            kept += set.Passes[_codes[i]] ? 1 : 0;
        }

        return kept;
    }
}
