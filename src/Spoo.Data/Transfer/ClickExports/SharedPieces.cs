using System.Buffers;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Stats.Question;

namespace Spoo.Data.Transfer.ClickExports;

/// <summary>The piece of a line that many clicks share, ready to be copied.</summary>
/// <param name="IsWanted">Whether the filters that concern it let it through.</param>
internal readonly record struct SharedPiece(byte[] Text, bool IsWanted);

/// <summary>
/// Pieces by the key of what they are about. Holds so many and then begins anew, because memory must not grow with what is exported.
/// </summary>
internal sealed class SharedPieces<T>(
    Func<IReadOnlyCollection<long>, IAsyncEnumerable<T>> load, Func<T, long> key, Func<T, ClickFacts> facts, Action<IBufferWriter<byte>, T> write, IReadOnlyList<StatsFilter> filters)
{
    /// <summary>A few megabytes; beyond that, asking the database again costs less.</summary>
    private const int MaxRemembered = 16_384;

    private readonly Dictionary<long, SharedPiece> _pieces = [];
    private readonly ArrayBufferWriter<byte> _text = new();

    public SharedPiece this[long key] => _pieces[key];

    /// <summary>Looks up what has not been met before.</summary>
    public async Task LearnAsync(IEnumerable<long> keys, CancellationToken cancellationToken)
    {
        var wanted = keys.ToHashSet();
        var missing = wanted.Where(key => !_pieces.ContainsKey(key)).ToList();
        if (_pieces.Count + missing.Count > MaxRemembered && missing.Count > 0)
        {
            _pieces.Clear();
            missing = [.. wanted];
        }

        foreach (var some in missing.Chunk(ClickExport.KeysAtOnce))
        {
            await foreach (var entry in load(some).WithCancellation(cancellationToken))
            {
                _text.ResetWrittenCount();
                write(_text, entry);
                var seen = facts(entry);
                _pieces[key(entry)] = new SharedPiece(
                    _text.WrittenSpan.ToArray(), filters.All(filter => filter.Accepts(filter.Dimension.Read(seen))));
            }
        }
    }
}
