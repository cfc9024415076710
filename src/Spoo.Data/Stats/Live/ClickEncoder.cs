using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Spoo.Data.Stats.Counting.Columns;

namespace Spoo.Data.Stats.Live;

/// <summary>Turns rows into numbers, batch after batch. What it has met of profiles and sources is known in the next batch, too, and forgotten with it.</summary>
/// <param name="codes">Everything that the rows refer to has been learned there.</param>
/// <param name="sources">The source table of the columns that the clicks are meant for.</param>
internal sealed class ClickEncoder(ClickCodes codes, AttributeTable sources)
{
    /// <summary>From so many profiles on, what is kept of them takes more memory than it is worth.</summary>
    private const int MostProfiles = 1 << 17;

    private readonly Dictionary<ClickProfile, int> _profileRows = [];
    private readonly Dictionary<int, int> _sourceRows = [];
    private AttributeTable _profiles = new(ClickCodes.ProfileWidth);

    // As long as the longest batch so far.
    private long[] _visitors = [];
    private long[] _times = [];
    private int[] _links = [];
    private int[] _profileOfClick = [];
    private int[] _sourceOfClick = [];
    private int[] _redirects = [];

    /// <summary>These rows as numbers, which are there until the next batch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ClickArrays Encode(List<ClickRow> rows)
    {
        MakeRoomFor(rows.Count);
        if (_profiles.Count > MostProfiles)
        {
            _profiles = new AttributeTable(ClickCodes.ProfileWidth);
            _profileRows.Clear();
        }

        var click = 0;
        foreach (ref readonly var row in CollectionsMarshal.AsSpan(rows))
        {
            _visitors[click] = row.Visitor;
            _times[click] = row.Time;
            _links[click] = codes.NumberOf(row.LinkId);
            _profileOfClick[click] = RowOf(codes.ProfileOf(row));
            _sourceOfClick[click] = RowOf(codes.SourceOf(row));
            _redirects[click++] = row.RedirectMs;
        }

        return new ClickArrays
        {
            Visitors = _visitors.AsMemory(0, click),
            Times = _times.AsMemory(0, click),
            Links = _links.AsMemory(0, click),
            Profiles = _profileOfClick.AsMemory(0, click),
            Sources = _sourceOfClick.AsMemory(0, click),
            RedirectMs = _redirects.AsMemory(0, click),
            ProfileTable = _profiles,
            SourceTable = sources,
        };
    }

    private int RowOf(in ClickProfile profile)
    {
        ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(_profileRows, profile, out var isKnown);
        if (!isKnown)
        {
            row = _profiles.Add(codes.CodesOf(profile));
        }

        return row;
    }

    private int RowOf(int source)
    {
        ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(_sourceRows, source, out var isKnown);
        if (!isKnown)
        {
            row = sources.Add(codes.CodesOfSource(source));
        }

        return row;
    }

    private void MakeRoomFor(int rows)
    {
        if (_visitors.Length < rows)
        {
            (_visitors, _times) = (new long[rows], new long[rows]);
            (_links, _profileOfClick, _sourceOfClick, _redirects) = (new int[rows], new int[rows], new int[rows], new int[rows]);
        }
    }
}

/// <summary>What follows from a visitor.</summary>
/// <param name="Agent">Row of the codes of an agent.</param>
/// <param name="Place">Row of the codes of a place.</param>
/// <param name="Language">Code of a language.</param>
internal readonly record struct ClickProfile(int Agent, int Place, int Language)
{
    // It is looked up for every click, and there are few of them whose numbers are not small.
    public override int GetHashCode() => unchecked((((Agent * 127) + Language) * 0x1F35_2D17) ^ (Place * 0x3B9A_CA07));
}
