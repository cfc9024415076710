using BenchmarkDotNet.Attributes;
using Spoo.Compare;
using Spoo.Data.Stats.Counting;
using Spoo.Data.Stats.Counting.Columns;

namespace Spoo.Benchmarks;

/// <summary>What one breakdown alone costs, by what it hangs on; on one thread, so that parts can be added up.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class ScanPartBenchmarks
{
    private ClickColumns _columns = null!;
    private ScanQuestion _question = null!;

    [Params("time", "link", "referrer", "browser", "city")]
    public string By { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var data = ClickData.Generate(1_000_000, seed: 1);
        _columns = data.ToColumns();
        var everything = Compare.Question.About(data)[0].Scan;
        _question = everything with { Breakdowns = [Compare.Question.AttributeOf(By)], Threads = 1 };
    }

    [Benchmark]
    public ScanAnswer Breakdown() => Scan.Run(_columns, _question);
}
