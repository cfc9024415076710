using BenchmarkDotNet.Running;
using Spoo.Benchmarks;

// dotnet run -c Release --project benchmarks/Spoo.Benchmarks -- --filter '*'
if (args is ["journal", .. var rest])
{
    await JournalRun.RunAsync(rest);
    return;
}

if (args is ["clickhouse", .. var where])
{
    await ClickHouseRun.RunAsync(where);
    return;
}

if (args is ["clickhouse-shards", .. var servers])
{
    await ClickHouseShardsRun.RunAsync(servers);
    return;
}

if (args is ["import", .. var file])
{
    await ImportRun.RunAsync(file);
    return;
}

if (args is ["rows", .. var filled])
{
    await RowsRun.RunAsync(filled);
    return;
}

if (args is ["restart", .. var saved])
{
    await RowsRun.RestartAsync(saved);
    return;
}

if (args is ["size", .. var size])
{
    SizeRun.Run(size);
    return;
}

BenchmarkSwitcher.FromTypes([typeof(ScanBenchmarks), typeof(ScanPartBenchmarks), typeof(ColumnBenchmarks), typeof(UserAgentBenchmarks)]).Run(args);
