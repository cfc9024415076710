using System.Globalization;
using Spoo.Data.Clicks.Facts;

namespace Spoo.Data.Stats.ClickHouse;

/// <summary>
/// Which clicks a server has: all clicks of the visitors that fall to it, so that numbers of unique visitors add up over the servers. Nobody's clicks are
/// spread by their own keys, as no number of visitors has them.
/// </summary>
/// <param name="Number">From 1.</param>
/// <param name="Count">How many shards there are.</param>
internal readonly record struct ClickHouseShard(int Number, int Count)
{
    /// <summary>The only one.</summary>
    public static ClickHouseShard Whole { get; } = new(1, 1);

    /// <summary>
    /// As it stands in the names of tables, so that a table of another number of shards, or of another one's clicks, is never taken for this one's. Nothing for the only one: a copy that
    /// one server has had all along stays its own.
    /// </summary>
    public string InNames => Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"s{Number}of{Count}");

    public bool Has(long visitor, long clickId) => NumberOf(visitor, clickId, Count) == Number;

    /// <summary>The number of the shard that has a click. It is written into names of tables, and may never be another one.</summary>
    private static int NumberOf(long visitor, long clickId, int count) =>
        count == 1 ? 1 : (int)(Mixed((ulong)(visitor == Click.NoVisitor ? clickId : visitor)) % (ulong)count) + 1;

    // The last step of SplitMix64. Numbers of visitors that were imported may be 1, 2, 3, and those of clicks are.
    private static ulong Mixed(ulong number)
    {
        number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
        number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
        return number ^ (number >> 31);
    }
}
