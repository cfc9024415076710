namespace Spoo.Data.Demo;

/// <summary>Numbers that look like chance and are the same on every machine and in every version: SplitMix64.</summary>
internal struct WeightedRandom
{
    private ulong _state;

    public WeightedRandom(params ReadOnlySpan<long> seeds)
    {
        foreach (var seed in seeds)
        {
            _state = (_state ^ (ulong)seed) * 0xBF58476D1CE4E5B9;
            Next();
        }
    }

    /// <summary>From 0 on, less than <paramref name="sides"/>.</summary>
    public int Roll(int sides) => (int)(Share() * sides);

    public int Between(int least, int most) => least + Roll(most - least + 1);

    /// <summary>From 0 on, less than 1.</summary>
    public double Share() => (Next() >> 11) * (1.0 / (1UL << 53));

    public bool Happens(double probability) => Share() < probability;

    public T Of<T>(IReadOnlyList<T> choices) => choices[Roll(choices.Count)];

    /// <summary>Numbers whose share is their weight; the weights are summed up as <see cref="Sums"/> does.</summary>
    public int By(double[] sums)
    {
        var at = Array.BinarySearch(sums, Share() * sums[^1]);
        return Math.Min(at < 0 ? ~at : at + 1, sums.Length - 1);
    }

    public static double[] Sums(IEnumerable<double> weights)
    {
        var sum = 0.0;
        return [.. weights.Select(weight => sum += weight)];
    }

    private ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
