using System.Runtime.InteropServices;
using Spoo.Data.Stats.Counting.Columns;

namespace Spoo.Data.Stats.Counting;

/// <summary>The clicks that a question selects among those of few links, found by the run's postings.</summary>
internal sealed class SelectedRows(ScanPlan plan, int mostAtOnce)
{
    private readonly List<int> _rows = [];
    private readonly int[] _codes = new int[mostAtOnce];

    private ClickRun _run = null!;
    private int[] _links = [];
    private int _nextPiece;
    private int _next;

    public void Start(ClickRun run, int[] links)
    {
        (_run, _links, _nextPiece, _next) = (run, links, 0, 0);
        _rows.Clear();
    }

    /// <summary>The next selected clicks of one piece.</summary>
    /// <param name="rows">Gets their rows, ascending.</param>
    /// <param name="profiles">Gets the profile row of each.</param>
    /// <param name="count">How many there are; there may be none in a piece.</param>
    /// <returns>False: the run has no more.</returns>
    public bool Next(Span<int> rows, Span<int> profiles, out int count)
    {
        count = 0;
        if (_next == _rows.Count)
        {
            if (_nextPiece == _run.Postings.Pieces)
            {
                return false;
            }

            _run.Postings.Read(_links, _nextPiece++, _rows);
            _next = 0;
        }

        count = Math.Min(mostAtOnce, _rows.Count - _next);
        CollectionsMarshal.AsSpan(_rows).Slice(_next, count).CopyTo(rows);
        _next += count;
        count = KeepTimes(rows[..count]);
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

        return true;
    }

    private int KeepTimes(Span<int> rows)
    {
        var (from, to, times) = (plan.Question.From, plan.Question.To, _run.Table.Times);
        if (from <= times.First && times.Last <= to)
        {
            return rows.Length;
        }

        var kept = 0;
        foreach (var row in rows)
        {
            rows[kept] = row;
            kept += times[row] is var time && time >= from && time <= to ? 1 : 0;
        }

        return kept;
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
