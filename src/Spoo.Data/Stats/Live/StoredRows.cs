using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Spoo.Data.Clicks.Facts;

namespace Spoo.Data.Stats.Live;

/// <summary>Tells the rows of some links that had been stored at one moment from all others.</summary>
/// <param name="links">The links.</param>
/// <param name="writers">How far each writer had got at that moment.</param>
internal sealed class StoredRows(HashSet<long> links, FollowedWriters writers)
{
    private readonly Dictionary<int, long> _last = writers.All.ToDictionary(writer => writer.Id, writer => writer.LastClickId);

    /// <summary>Leaves out all others, and keeps the order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Keep(List<ClickRow> rows)
    {
        // Rows of one writer mostly lie together.
        var (writer, last) = (-1, 0L);
        var kept = 0;
        var all = CollectionsMarshal.AsSpan(rows);
        for (var i = 0; i < all.Length; i++)
        {
            ref readonly var row = ref all[i];
            if (ClickId.Unpack(row.Id).Writer is var of && of != writer)
            {
                // No key is as small as that.
                (writer, last) = (of, _last.GetValueOrDefault(of, -1));
            }

            if (row.Id <= last && links.Contains(row.LinkId))
            {
                if (kept != i)
                {
                    all[kept] = row;
                }

                kept++;
            }
        }

        CollectionsMarshal.SetCount(rows, kept);
    }
}
