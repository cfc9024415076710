using BenchmarkDotNet.Attributes;
using Spoo.Data.Clicks.Reading;

namespace Spoo.Benchmarks;

/// <summary>What a User-Agent costs: one that was seen before, and one that was not.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class UserAgentBenchmarks
{
    private readonly UserAgents _agents = new();
    private readonly Bots _bots = new();
    private readonly string[] _seen = [.. Enumerable.Range(0, 1000).Select(Chrome)];
    private int _next;

    [GlobalSetup]
    public void Setup() => Array.ForEach(_seen, text => _agents.Read(text));

    [Benchmark]
    public AgentFacts SeenBefore() => _agents.Read(_seen[_next = (_next + 1) % _seen.Length]);

    [Benchmark]
    public AgentFacts New() => _agents.Read(Chrome(1000 + _next++));

    [Benchmark]
    public object? NewHumanOrBot() => _bots.Judge(Chrome(1000 + _next++));

    private static string Chrome(int number) =>
        $"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.{number}.0 Safari/537.36";
}
