using BenchmarkDotNet.Running;
using Spoo.Benchmarks;

// dotnet run -c Release --project benchmarks/Spoo.Benchmarks -- --filter '*'
BenchmarkSwitcher.FromTypes([typeof(ScanBenchmarks), typeof(ScanPartBenchmarks), typeof(ColumnBenchmarks)]).Run(args);
