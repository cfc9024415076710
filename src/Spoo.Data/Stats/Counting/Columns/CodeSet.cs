namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>Which of a column's codes pass, all filters on that column together.</summary>
internal sealed class CodeSet
{
    private readonly bool[] _passes;

    private CodeSet(bool[] passes)
    {
        _passes = passes;
        Count = passes.AsSpan().Count(true);
        Only = Count == 1 ? Array.IndexOf(passes, true) : null;
    }

    /// <summary>By code. The codes of a column are all below its length.</summary>
    public ReadOnlySpan<bool> Passes => _passes;

    /// <summary>The codes that pass, ascending.</summary>
    public IEnumerable<int> Codes => Enumerable.Range(0, _passes.Length).Where(code => _passes[code]);

    /// <summary>How many codes pass.</summary>
    public int Count { get; }

    /// <summary>The one code that passes, or null if there are more or none: one code is found by comparing, without a look-up.</summary>
    public int? Only { get; }

    /// <summary>The codes from 0 to before <paramref name="size"/> that pass every filter.</summary>
    public static CodeSet Of(int size, IEnumerable<CodeFilter> filters)
    {
        var passes = new bool[size];
        Array.Fill(passes, true);
        foreach (var filter in filters)
        {
            var listed = new bool[size];
            foreach (var code in filter.Codes.Where(code => (uint)code < (uint)size)) // no click has the others
            {
                listed[code] = true;
            }

            for (var code = 0; code < size; code++)
            {
                passes[code] &= listed[code] == filter.Include;
            }
        }

        return new CodeSet(passes);
    }

    /// <summary>The rows of a table of codes whose codes all pass.</summary>
    public static CodeSet OfRows(int rows, IReadOnlyList<(ReadOnlyMemory<int> Codes, CodeSet Set)> columns)
    {
        var passes = new bool[rows];
        Array.Fill(passes, true);
        foreach (var (codes, set) in columns)
        {
            for (var row = 0; row < rows; row++)
            {
                passes[row] &= set._passes[codes.Span[row]];
            }
        }

        return new CodeSet(passes);
    }
}
