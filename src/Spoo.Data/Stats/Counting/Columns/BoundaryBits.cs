using System.Numerics;
using System.Runtime.CompilerServices;

namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>Where something begins in a run (a visitor, a profile): one bit a click, set on the first click of each.</summary>
internal sealed class BoundaryBits
{
    private readonly ulong[] _words;
    private readonly int _wordCount;
    private readonly int _clicks;

    // How many begin before every word: half as much memory as the bits, and no question has to look at more than one of them.
    private readonly int[] _countBefore;

    /// <param name="words">The bits; none is set from <paramref name="clicks"/> on.</param>
    /// <param name="clicks">How many clicks there are.</param>
    public BoundaryBits(ulong[] words, int clicks)
        : this(words, clicks, GC.AllocateUninitializedArray<int>(WordsFor(clicks)))
    {
    }

    private BoundaryBits(ulong[] words, int clicks, int[] countBefore)
    {
        _words = words;
        _wordCount = WordsFor(clicks);
        _clicks = clicks;
        _countBefore = countBefore;
        for (var word = 0; word < _wordCount; word++)
        {
            _countBefore[word] = Count;
            Count += BitOperations.PopCount(words[word]);
        }
    }

    public int Count { get; }

    public ReadOnlySpan<ulong> Words => _words.AsSpan(0, _wordCount);

    public long Bytes => (_words.LongLength * sizeof(ulong)) + (_countBefore.LongLength * sizeof(int));

    /// <summary>So many words have a bit for each click and one more: something may be started where the next click would be.</summary>
    public static int WordsFor(int clicks) => (clicks / 64) + 1;

    public static BoundaryBits Read(IndexReader reader, int clicks, int count)
    {
        var words = reader.Read<ulong>(WordsFor(clicks));
        IndexReader.Require((words[clicks / 64] & (ulong.MaxValue << (clicks & 63))) == 0, "something begins after the last click");
        var starts = new BoundaryBits(words, clicks, reader.Take<int>(WordsFor(clicks)));
        IndexReader.Require(starts.Count == count && (clicks == 0 || (words[0] & 1) == 1), "the clicks are not as many as belong to the visitors");
        return starts;
    }

    public void Write(IndexWriter writer) => writer.Write(Words);

    /// <summary>How many begin before a click.</summary>
    public int CountBefore(int click)
    {
        var word = click >> 6;
        return word < _wordCount ? _countBefore[word] + BitOperations.PopCount(_words[word] & ((1UL << (click & 63)) - 1)) : Count;
    }

    /// <summary>For each of some clicks, how many begin up to it and with it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CountUpTo(ReadOnlySpan<int> clicks, Span<int> counts)
    {
        var (words, countBefore) = (_words, _countBefore);
        counts = counts[..clicks.Length];
        for (var i = 0; i < clicks.Length; i++)
        {
            var word = clicks[i] >> 6;
            counts[i] = countBefore[word] + BitOperations.PopCount(words[word] & (ulong.MaxValue >> (63 - (clicks[i] & 63))));
        }
    }

    /// <summary>The first click of the one with this number; of the one after the last, the number of clicks.</summary>
    public int ClickOf(int number)
    {
        if (number == Count)
        {
            return _clicks;
        }

        // The last word that no more than this many begin before.
        var (word, beyond) = (0, _wordCount);
        while (beyond - word > 1)
        {
            var middle = (word + beyond) / 2;
            (word, beyond) = _countBefore[middle] <= number ? (middle, beyond) : (word, middle);
        }

        var bits = _words[word];
        for (var left = number - _countBefore[word]; left > 0; left--)
        {
            bits &= bits - 1;
        }

        return (word * 64) + BitOperations.TrailingZeroCount(bits);
    }

    /// <summary>The first click of each from one number to before another, followed by the first click of that other.</summary>
    public int[] ClicksOf(int first, int end)
    {
        var clicks = GC.AllocateUninitializedArray<int>(end - first + 1);
        var word = ClickOf(first) >> 6;
        var bits = first < Count ? _words[word] & (ulong.MaxValue << ClickOf(first)) : 0;
        for (var number = 0; number < clicks.Length - 1; number++)
        {
            while (bits == 0)
            {
                bits = _words[++word];
            }

            clicks[number] = (word * 64) + BitOperations.TrailingZeroCount(bits);
            bits &= bits - 1;
        }

        clicks[^1] = ClickOf(end);
        return clicks;
    }
}
