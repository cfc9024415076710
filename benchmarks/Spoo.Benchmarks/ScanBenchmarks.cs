using BenchmarkDotNet.Attributes;
using Spoo.Compare;
using Spoo.Data.Stats.Counting;
using Spoo.Data.Stats.Counting.Columns;

namespace Spoo.Benchmarks;

/// <summary>The questions of benchmarks/compare, on one thread and on all.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class ScanBenchmarks
{
    private ClickColumns _columns = null!;
    private ScanQuestion _question = null!;

    [Params(1_000_000)]
    public int Clicks { get; set; }

    [Params("Q1", "Q2", "Q3", "Q4", "Q5", "Q6")]
    public string Question { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var data = ClickData.Generate(Clicks, seed: 1);
        _columns = data.ToColumns();
        _question = Compare.Question.About(data).Single(question => question.Name == Question).Scan;
    }

    [Benchmark(Baseline = true)]
    public ScanAnswer OneThread() => Scan.Run(_columns, _question with { Threads = 1 });

    [Benchmark]
    public ScanAnswer AllThreads() => Scan.Run(_columns, _question);
}
