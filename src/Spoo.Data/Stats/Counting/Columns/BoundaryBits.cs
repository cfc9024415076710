using System.Numerics;

namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>Where something begins in a run (a visitor, a profile): one bit a click, set on the first click of each.</summary>
internal sealed class BoundaryBits
{
    private const int WordsPerSample = 16;

    private readonly ulong[] _words;
    private readonly int _clicks;

    // How many begin before every 16th word, so that neither question below looks at more than 16 words.
    private readonly int[] _countBefore;

    /// <param name="words">The bits; none is set from <paramref name="clicks"/> on.</param>
    public BoundaryBits(ulong[] words, int clicks)
    {
        _words = words;
        _clicks = clicks;
        _countBefore = new int[(words.Length + WordsPerSample - 1) / WordsPerSample];
        for (var word = 0; word < words.Length; word++)
        {
            if (word % WordsPerSample == 0)
            {
                _countBefore[word / WordsPerSample] = Count;
            }

            Count += BitOperations.PopCount(words[word]);
        }
    }

    public int Count { get; }

    public ReadOnlySpan<ulong> Words => _words;

    public long Bytes => (_words.LongLength * sizeof(ulong)) + (_countBefore.LongLength * sizeof(int));

    public static BoundaryBits Read(IndexReader reader, int clicks, int count)
    {
        var words = reader.Read<ulong>((clicks / 64) + 1);
        IndexReader.Require((words[^1] & (ulong.MaxValue << (clicks & 63))) == 0, "something begins after the last click");
        var starts = new BoundaryBits(words, clicks);
        IndexReader.Require(starts.Count == count && (clicks == 0 || (words[0] & 1) == 1), "the clicks are not as many as belong to the visitors");
        return starts;
    }

    public void Write(IndexWriter writer) => writer.Write<ulong>(_words);

    /// <summary>How many begin before a click.</summary>
    public int CountBefore(int click)
    {
        var word = click >> 6;
        var sample = Math.Min(word, _words.Length - 1) / WordsPerSample;
        var count = _countBefore[sample];
        for (var before = sample * WordsPerSample; before < word; before++)
        {
            count += BitOperations.PopCount(_words[before]);
        }

        return word < _words.Length ? count + BitOperations.PopCount(_words[word] & ((1UL << (click & 63)) - 1)) : count;
    }

    /// <summary>For each of some clicks, in ascending order, how many begin up to it and with it.</summary>
    public void CountUpTo(ReadOnlySpan<int> clicks, Span<int> counts)
    {
        var (word, before) = (0, 0);
        for (var i = 0; i < clicks.Length; i++)
        {
            var wanted = clicks[i] >> 6;
            if (wanted - word > WordsPerSample)
            {
                word = wanted / WordsPerSample * WordsPerSample;
                before = _countBefore[word / WordsPerSample];
            }

            for (; word < wanted; word++)
            {
                before += BitOperations.PopCount(_words[word]);
            }

            counts[i] = before + BitOperations.PopCount(_words[word] & (ulong.MaxValue >> (63 - (clicks[i] & 63))));
        }
    }

    /// <summary>The first click of the one with this number; of the one after the last, the number of clicks.</summary>
    public int ClickOf(int number)
    {
        if (number == Count)
        {
            return _clicks;
        }

        // The last sample that no more than this many begin before.
        var (sample, beyond) = (0, _countBefore.Length);
        while (beyond - sample > 1)
        {
            var middle = (sample + beyond) / 2;
            (sample, beyond) = _countBefore[middle] <= number ? (middle, beyond) : (sample, middle);
        }

        var word = sample * WordsPerSample;
        var left = number - _countBefore[sample];
        while (BitOperations.PopCount(_words[word]) is var here && here <= left)
        {
            left -= here;
            word++;
        }

        var bits = _words[word];
        for (; left > 0; left--)
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
