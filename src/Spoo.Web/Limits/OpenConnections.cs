using System.Collections.Concurrent;

namespace Spoo.Web.Limits;

/// <summary>An endpoint whose answers stay open, of which one network may have only so many at once.</summary>
internal sealed class StaysOpen;

/// <summary>How many connections of open pages each network has.</summary>
internal sealed class OpenConnections
{
    /// <summary>An office behind one address has fewer pages open; a server has memory for some thousands.</summary>
    public const int Most = 500;

    private readonly ConcurrentDictionary<string, int> _open = new(StringComparer.Ordinal);

    public bool TryEnter(string network)
    {
        if (_open.AddOrUpdate(network, 1, (_, open) => open + 1) <= Most)
        {
            return true;
        }

        Leave(network);
        return false;
    }

    public void Leave(string network)
    {
        if (_open.AddOrUpdate(network, 0, (_, open) => open - 1) == 0)
        {
            // Only while it is still none; a connection that came in between keeps its count.
            _open.TryRemove(KeyValuePair.Create(network, 0));
        }
    }
}
