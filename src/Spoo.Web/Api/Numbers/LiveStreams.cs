using System.Collections.Concurrent;

namespace Spoo.Web.Api.Numbers;

/// <summary>How many programs of an account listen now. Each holds a connection, and asks the database whenever something happens.</summary>
public sealed class LiveStreams
{
    public const int MostOfAccount = 20;

    private readonly ConcurrentDictionary<string, int> _open = new(StringComparer.Ordinal);

    /// <summary>Streams that are open now.</summary>
    public int Open => _open.Values.Sum();

    /// <summary>False: the account has as many as it may. Otherwise <see cref="Close"/> has to follow.</summary>
    public bool TryOpen(string userId)
    {
        while (true)
        {
            var open = _open.GetOrAdd(userId, 0);
            if (open >= MostOfAccount)
            {
                return false;
            }

            if (_open.TryUpdate(userId, open + 1, open))
            {
                return true;
            }
        }
    }

    public void Close(string userId)
    {
        // The last one takes the account out of the table, unless another has come meanwhile.
        if (_open.AddOrUpdate(userId, 0, (_, open) => open - 1) == 0)
        {
            _open.TryRemove(KeyValuePair.Create(userId, 0));
        }
    }
}
