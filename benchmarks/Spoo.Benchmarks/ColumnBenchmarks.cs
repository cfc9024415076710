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
    private string _path = "";

    [GlobalSetup]
    public void Setup()
    {
        _data = ClickData.Generate(1_000_000, seed: 1);
        _columns = _data.ToColumns();
        _path = Path.GetTempFileName();
        using var file = File.Create(_path);
        _columns.Write(new IndexWriter(file));
    }

    [GlobalCleanup]
    public void Cleanup() => File.Delete(_path);

    [Benchmark]
    public ClickColumns Build() => _data.ToColumns();

    [Benchmark]
    public long WriteIndex()
    {
        using var file = new MemoryStream((int)new FileInfo(_path).Length);
        _columns.Write(new IndexWriter(file));
        return file.Length;
    }

    [Benchmark]
    public ClickColumns ReadIndex()
    {
        const int Any = int.MaxValue;
        using var file = File.OpenRead(_path);
        return ClickColumns.Read(
            new IndexReader(file),
            new ShardFile(file),
            Any,
            [.. Enumerable.Repeat(Any, ClickData.ProfileFields.Length)],
            [.. Enumerable.Repeat(Any, ClickData.SourceFields.Length)]);
    }
}
