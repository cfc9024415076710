using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Spoo.Compare;
using Spoo.Data.Stats.Counting;
using Spoo.Data.Stats.Counting.Columns;

namespace Spoo.Benchmarks;

/// <summary>
/// What one account of so many clicks takes when so much memory may be used: to make its columns, to save them, to read them after a restart, and to count in them.
/// <c>dotnet run -c Release --project benchmarks/Spoo.Benchmarks -- size [CLICKS] [MEGABYTES]</c>
/// </summary>
internal static class SizeRun
{
    private const int Rounds = 9;
    private const int ClicksOfOne = 1_000_000;

    /// <summary>Of the thousand links, one that has close to a hundredth of the clicks.</summary>
    private const int SmallLink = 6;

    public static void Run(string[] args)
    {
        var copies = (args.Length > 0 ? int.Parse(args[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture) : 10 * ClicksOfOne) / ClicksOfOne;
        var limit = args.Length > 1 ? long.Parse(args[1], CultureInfo.InvariantCulture) << 20 : long.MaxValue;
        var folder = Directory.CreateTempSubdirectory("spoo-size-").FullName;
        try
        {
            Measure(copies, limit, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(int copies, long limit, string folder)
    {
        var data = ClickData.Generate(ClicksOfOne, seed: 1);
        var questions = Question.About(data);
        var path = Path.Combine(folder, "columns.clicks");
        Say("with a million clicks as they are generated", 0);

        var started = Stopwatch.GetTimestamp();
        var columns = Built(data, copies, new ShardMemory(limit, folder));
        Say($"built, {columns.Count:N0} clicks, {columns.InFile:N0} of them in a file, {columns.Bytes >> 20} MB", Since(started));

        started = Stopwatch.GetTimestamp();
        using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
        {
            columns.Write(new IndexWriter(file));
        }

        Say($"saved, {new FileInfo(path).Length >> 20} MB", Since(started));
        data = null;
        columns = null;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

        started = Stopwatch.GetTimestamp();
        columns = Read(path, new ShardMemory(limit, folder));
        Say($"read again, {columns.InFile:N0} clicks in the file, {columns.Bytes >> 20} MB", Since(started));
        foreach (var question in questions)
        {
            Ask(columns, question.Name, question.Scan);
        }

        var small = questions.Single(question => question.Name == "Q3").Scan with { Links = [SmallLink] };
        Ask(columns, "Q3 of a link with 1 %", small);
        Ask(columns, "Q3 of a link with 1 %, one thread", small with { Threads = 1 });
    }

    // Here and not where it is called, so that nothing holds on to what was needed for it.
    private static ClickColumns Built(ClickData data, int copies, ShardMemory memory)
    {
        var empty = ClickColumns.Empty(ClickData.ProfileFields.Length, ClickData.SourceFields.Length, ClickColumns.LargestShard, memory);
        var builder = new ClickColumnsBuilder(empty, (long)copies * ClicksOfOne);
        for (var copy = 0L; copy < copies; copy++)
        {
            data.AddTo(builder, unchecked(copy * 0x1E3779B97F4A7C15));
        }

        return builder.Build();
    }

    private static ClickColumns Read(string path, ShardMemory memory)
    {
        const int Any = int.MaxValue;
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        return ClickColumns.Read(
            new IndexReader(file),
            new ShardFile(file),
            Any,
            [.. Enumerable.Repeat(Any, ClickData.ProfileFields.Length)],
            [.. Enumerable.Repeat(Any, ClickData.SourceFields.Length)],
            memory);
    }

    private static void Ask(ClickColumns columns, string name, ScanQuestion question)
    {
        var times = new List<double>();
        ScanAnswer? answer = null;
        for (var round = 0; round < Rounds; round++)
        {
            var started = Stopwatch.GetTimestamp();
            answer = Scan.Run(columns, question);
            times.Add(Since(started));
        }

        times.Sort();
        var sum = ChecksumOf(answer!);
        Say(string.Create(CultureInfo.InvariantCulture, $"{name}: {answer!.Clicks:N0} clicks, {answer.UniqueVisitors:N0} visitors, checksum {sum:x8}, median {times[Rounds / 2]:F1} ms, best"), times[0]);
    }

    /// <summary>The same for the same answer, in every process; so answers of runs with more and with less memory can be compared.</summary>
    private static uint ChecksumOf(ScanAnswer answer)
    {
        var checksum = SectionChecksum.OfSection(0);
        checksum.Add(JsonSerializer.SerializeToUtf8Bytes(answer));
        return checksum.Value;
    }

    private static double Since(long started) => Stopwatch.GetElapsedTime(started).TotalMilliseconds;

    /// <summary>Also says how much memory the process has had at most, where the system tells that.</summary>
    private static void Say(string what, double milliseconds)
    {
        var most = File.Exists("/proc/self/status") ? File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("VmHWM", StringComparison.Ordinal)) : null;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {milliseconds:N1} ms; {most?.Replace("\t", " ", StringComparison.Ordinal)}"));
    }
}
