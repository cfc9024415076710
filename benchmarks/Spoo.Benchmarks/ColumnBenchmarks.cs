using BenchmarkDotNet.Attributes;
using Spoo.Compare;
using Spoo.Data.Stats.Counting.Columns;

namespace Spoo.Benchmarks;

/// <summary>What becomes of a million clicks besides being counted.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class ColumnBenchmarks
{
    private ClickData _data = null!;
    private ClickColumns _columns = null!;
    private byte[] _file = [];

    [GlobalSetup]
    public void Setup()
    {
        _data = ClickData.Generate(1_000_000, seed: 1);
        _columns = _data.ToColumns();
        using var file = new MemoryStream();
        _columns.Write(new IndexWriter(file));
        _file = file.ToArray();
    }

    [Benchmark]
    public ClickColumns Build() => _data.ToColumns();

    [Benchmark]
    public long WriteIndex()
    {
        using var file = new MemoryStream(_file.Length);
        _columns.Write(new IndexWriter(file));
        return file.Length;
    }

    [Benchmark]
    public ClickColumns ReadIndex()
    {
        const int Any = int.MaxValue;
        return ClickColumns.Read(
            new IndexReader(new MemoryStream(_file)),
            Any,
            [.. Enumerable.Repeat(Any, ClickData.ProfileFields.Length)],
            [.. Enumerable.Repeat(Any, ClickData.SourceFields.Length)]);
    }
}
