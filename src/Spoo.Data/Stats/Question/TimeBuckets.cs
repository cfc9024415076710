using System.Globalization;

namespace Spoo.Data.Stats.Question;

/// <summary>
/// One bar of a time series: a label with a real start, end and length. A clock that is put back makes a bucket longer, one that is
/// put forward makes it shorter or leaves it out.
/// </summary>
/// <param name="Label">What the viewer's clock shows at its start; unique within a series.</param>
/// <param name="Start">Its first instant, in the viewer's zone; may lie before the range.</param>
/// <param name="End">The first instant after it, in the viewer's zone; may lie behind the range.</param>
/// <param name="Length">How long it really is; less than from start to end where the clock ran through it in two pieces.</param>
public sealed record TimeBucket(string Label, DateTimeOffset Start, DateTimeOffset End, TimeSpan Length);

/// <summary>The buckets of a range, in order, and the table that finds an instant's bucket.</summary>
public sealed class TimeBuckets
{
    /// <summary>More than a reader can take in, and few enough to cost little.</summary>
    public const int MaxCount = 50_000;

    private readonly long[] _slotStarts;
    private readonly int[] _slotBuckets;

    private TimeBuckets(TimeBucketWidth width, IReadOnlyList<TimeBucket> buckets, long[] slotStarts, int[] slotBuckets, long end)
    {
        End = end;
        Width = width;
        All = buckets;
        _slotStarts = slotStarts;
        _slotBuckets = slotBuckets;
    }

    public TimeBucketWidth Width { get; }

    public IReadOnlyList<TimeBucket> All { get; }

    /// <summary>
    /// Unix milliseconds at which a slot begins, ascending. A slot lasts until the next one; it is a bucket or, where a clock was put
    /// back, a piece of one.
    /// </summary>
    internal ReadOnlySpan<long> SlotStarts => _slotStarts;

    /// <summary>Unix milliseconds of the first instant after the last slot.</summary>
    internal long End { get; }

    /// <summary>For each slot the number of its bucket.</summary>
    internal ReadOnlySpan<int> SlotBuckets => _slotBuckets;

    /// <summary>Whether so many buckets of this width would fit into the range that no chart could show them.</summary>
    public static bool TooMany(TimeRange range, TimeBucketWidth width, int most = MaxCount) => range.Length.TotalMinutes / width.Minutes > most;

    public static TimeBuckets Of(TimeRange range, TimeBucketWidth width)
    {
        var slots = Slots(range, width);
        var numbers = new Dictionary<DateTime, int>(slots.Count);
        var buckets = new List<TimeBucket>(slots.Count);
        var slotStarts = new long[slots.Count];
        var slotBuckets = new int[slots.Count];
        for (var i = 0; i < slots.Count; i++)
        {
            var (local, start, end) = slots[i];
            if (!numbers.TryGetValue(local, out var number))
            {
                numbers.Add(local, number = buckets.Count);
                buckets.Add(new TimeBucket(width.Label(local), range.Local(start), range.Local(end), end - start));
            }
            else
            {
                // The second time round of a clock that was put back.
                var bucket = buckets[number];
                buckets[number] = bucket with { End = range.Local(end), Length = bucket.Length + (end - start) };
            }

            slotStarts[i] = start.ToUnixTimeMilliseconds();
            slotBuckets[i] = number;
        }

        return new TimeBuckets(width, buckets, slotStarts, slotBuckets, slots[^1].End.ToUnixTimeMilliseconds());
    }

    /// <summary>
    /// The 168 hours of a week, Monday's first, each with all of its occurrences in the range. The length of such a bucket is only what
    /// lies in the range, so that hours can be compared that occurred more often than others, or whose clock was changed.
    /// </summary>
    public static TimeBuckets HoursOfWeek(TimeRange range)
    {
        const int DaysOfWeek = 7, HoursOfDay = 24;
        var slots = Slots(range, TimeBucketWidth.Hour);
        var lengths = new TimeSpan[DaysOfWeek * HoursOfDay];
        var slotStarts = new long[slots.Count];
        var slotBuckets = new int[slots.Count];
        for (var i = 0; i < slots.Count; i++)
        {
            var (local, start, end) = slots[i];
            var hour = ((((int)local.DayOfWeek + 6) % DaysOfWeek) * HoursOfDay) + local.Hour;
            slotStarts[i] = start.ToUnixTimeMilliseconds();
            slotBuckets[i] = hour;
            var within = Earlier(end, range.End.AddMilliseconds(1)) - (start < range.Start ? range.Start : start);
            lengths[hour] += within > TimeSpan.Zero ? within : TimeSpan.Zero;
        }

        // Numbers have to be dense for the scan; an hour that does not occur has its number and no time.
        var buckets = lengths.Select((length, hour) => new TimeBucket(
            string.Create(CultureInfo.InvariantCulture, $"{(hour / HoursOfDay) + 1} {hour % HoursOfDay:00}:00"), range.Start, range.End, length));
        return new TimeBuckets(TimeBucketWidth.Hour, [.. buckets], slotStarts, slotBuckets, slots[^1].End.ToUnixTimeMilliseconds());
    }

    /// <summary>The number of the bucket that an instant of the range falls into.</summary>
    public int NumberOf(DateTimeOffset instant)
    {
        var slot = Array.BinarySearch(_slotStarts, instant.ToUnixTimeMilliseconds());
        return _slotBuckets[slot >= 0 ? slot : ~slot - 1];
    }

    /// <summary>
    /// Stretches of real time in order and without gaps, each within one bucket. All pieces are there of every bucket that touches the range.
    /// </summary>
    private static List<Slot> Slots(TimeRange range, TimeBucketWidth width)
    {
        // Begin early enough, and end late enough, to see the whole of the first and last bucket: a clock can change by hours, and
        // once, in Samoa, by a day.
        var slack = width.Longest + TimeSpan.FromDays(2);
        var first = range.Start.ToUniversalTime() - slack;
        var last = range.End.ToUniversalTime() + slack;

        var slots = new List<Slot>();
        foreach (var (from, to, offset) in Offsets(range.Zone, first, last))
        {
            var start = from;
            while (start < to)
            {
                var bucket = width.Floor((start + offset).DateTime);
                var end = Earlier(to, new DateTimeOffset(width.Next(bucket), TimeSpan.Zero) - offset);
                if (slots.Count > 0 && slots[^1].Bucket == bucket)
                {
                    slots[^1] = slots[^1] with { End = end };
                }
                else
                {
                    slots.Add(new Slot(bucket, start, end));
                }

                start = end;
            }
        }

        // What lies outside belongs to the series all the same where it is a piece of a bucket of which another piece lies within.
        bool Touches(Slot slot) => slot.Start <= range.End && slot.End > range.Start;
        var outside = slots.Where(slot => !Touches(slot)).Select(slot => slot.Bucket).ToHashSet();
        outside.ExceptWith(slots.Where(Touches).Select(slot => slot.Bucket));
        slots.RemoveAll(slot => outside.Contains(slot.Bucket));
        return slots;
    }

    /// <summary>Stretches of real time during which the zone's distance from UTC stays the same.</summary>
    private static IEnumerable<(DateTimeOffset From, DateTimeOffset To, TimeSpan Offset)> Offsets(
        TimeZoneInfo zone, DateTimeOffset first, DateTimeOffset last)
    {
        // No zone has ever changed its clock twice within half a day.
        var step = TimeSpan.FromHours(12);
        var from = first;
        var offset = zone.GetUtcOffset(first);
        for (var at = first; at < last;)
        {
            var next = Earlier(at + step, last);
            var nextOffset = zone.GetUtcOffset(next);
            if (nextOffset != offset)
            {
                var change = Change(zone, at, next, offset);
                yield return (from, change, offset);
                from = change;
                offset = nextOffset;
            }

            at = next;
        }

        yield return (from, last, offset);
    }

    /// <summary>The first instant in (<paramref name="before"/>, <paramref name="after"/>] with another offset, to the millisecond.</summary>
    private static DateTimeOffset Change(TimeZoneInfo zone, DateTimeOffset before, DateTimeOffset after, TimeSpan offset)
    {
        var low = before.ToUnixTimeMilliseconds();
        var high = after.ToUnixTimeMilliseconds();
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            if (zone.GetUtcOffset(DateTimeOffset.FromUnixTimeMilliseconds(middle)) == offset)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return DateTimeOffset.FromUnixTimeMilliseconds(high);
    }

    private static DateTimeOffset Earlier(DateTimeOffset left, DateTimeOffset right) => left < right ? left : right;

    /// <param name="Bucket">What the viewer's clock shows where its bucket begins.</param>
    /// <param name="Start">In UTC.</param>
    /// <param name="End">The first instant after it, in UTC.</param>
    private readonly record struct Slot(DateTime Bucket, DateTimeOffset Start, DateTimeOffset End);
}
