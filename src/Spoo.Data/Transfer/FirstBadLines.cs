namespace Spoo.Data.Transfer;

/// <summary>Counts bad lines, and keeps the first of them: a file may have nothing else, by the million.</summary>
/// <param name="most">How many are kept.</param>
internal sealed class FirstBadLines(int most)
{
    private readonly List<BadLine> _kept = [];

    // Where as many are kept as are told, and none of them is later.
    private long _last = long.MaxValue;

    /// <summary>How many there were.</summary>
    public int Count { get; private set; }

    /// <summary>The first of them, in the order of the file.</summary>
    public IReadOnlyList<BadLine> First => [.. _kept.OrderBy(line => line.Line).Take(most)];

    /// <summary>They need not come in the order of the file.</summary>
    public void Add(long line, Message reason)
    {
        Count++;
        Keep(new BadLine(line, reason));
    }

    public void Add(FirstBadLines others)
    {
        Count += others.Count;
        foreach (var line in others._kept)
        {
            Keep(line);
        }
    }

    private void Keep(BadLine line)
    {
        if (line.Line > _last)
        {
            return;
        }

        _kept.Add(line);
        if (_kept.Count == 2 * most)
        {
            _kept.Sort((one, other) => one.Line.CompareTo(other.Line));
            _kept.RemoveRange(most, _kept.Count - most);
            _last = _kept[^1].Line;
        }
    }
}
