using System.Diagnostics;
using System.Numerics;
using Spoo.Data.Stats.Counting.Columns;

namespace Spoo.Compare;

/// <summary>What no engine on this machine can beat: the time merely to read the bytes that a scan has to look at.</summary>
internal static class MachineLimit
{
    private const int Repeats = 15;

    /// <summary>The least milliseconds that reading as many bytes as the question's columns have takes, with all cores.</summary>
    public static double Of(ClickColumns columns, Question question)
    {
        var vectors = (int)(BytesFor(columns, question) / Vector<byte>.Count) + 1;
        var memory = new Vector<ulong>[vectors];
        Array.Fill(memory, Vector<ulong>.One);
        var best = double.MaxValue;
        for (var i = 0; i < Repeats; i++)
        {
            var start = Stopwatch.GetTimestamp();
            Parallel.For(0, Environment.ProcessorCount, core =>
            {
                var (from, to) = ((int)((long)vectors * core / Environment.ProcessorCount), (int)((long)vectors * (core + 1) / Environment.ProcessorCount));
                if (Sum(memory.AsSpan(from..to)) == 0 && to > from)
                {
                    throw new UnreachableException();
                }
            });
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return best;
    }

    /// <summary>Every column that the question names, in full, although a filter may spare the scan most of some.</summary>
    private static long BytesFor(ClickColumns columns, Question question)
    {
        var scan = question.Scan;
        var attributes = scan.Breakdowns
            .Concat(scan.CrossTabs.SelectMany(pair => (AttributeId[])[pair.First, pair.Second]))
            .Concat(scan.Filters.Select(filter => filter.Attribute))
            .ToHashSet();
        var bytes = 0L;
        foreach (var shard in columns.Shards)
        {
            var run = shard.Run();
            bytes += run.VisitorStarts.Bytes + run.ProfileStarts.Bytes;
            bytes += attributes.Contains(AttributeId.Time) ? run.Table.Times.Bytes : 0;
            bytes += attributes.Contains(AttributeId.Link) ? run.Table.Links.Bytes : 0;
            bytes += attributes.Any(attribute => attribute.Level == AttributeLevel.Source) ? run.Table.Sources.Bytes : 0;
            bytes += attributes.Where(attribute => attribute.Level == AttributeLevel.Profile).Sum(attribute => run.Table.Profiles[attribute.Column].Bytes);
        }

        return bytes;
    }

    private static ulong Sum(ReadOnlySpan<Vector<ulong>> vectors)
    {
        // Four sums, so that an addition need not wait for the one before.
        var (a, b, c, d) = (Vector<ulong>.Zero, Vector<ulong>.Zero, Vector<ulong>.Zero, Vector<ulong>.Zero);
        var i = 0;
        for (; i + 4 <= vectors.Length; i += 4)
        {
            a += vectors[i];
            b += vectors[i + 1];
            c += vectors[i + 2];
            d += vectors[i + 3];
        }

        for (; i < vectors.Length; i++)
        {
            a += vectors[i];
        }

        return Vector.Sum(a + b + c + d);
    }
}
