using Spoo.Data.Stats.Counting.Columns;

namespace Spoo.Data.Stats.Counting;

/// <summary>Counts runs one after the other. One worker belongs to one thread, so nothing here is shared or locked.</summary>
internal sealed class ScanWorker : IDisposable
{
    private readonly ScanPlan _plan;
    private readonly ScanChunk _block;
    private readonly List<CodeList> _codes = [];
    private readonly (BreakdownCount, BreakdownCount, BreakdownCount)[] _inThrees;
    private readonly (BreakdownCount, BreakdownCount)[] _inTwos;
    private readonly BreakdownCount[] _others;
    private readonly bool _listsClicks;
    private readonly bool _listsProfiles;
    private readonly bool _crossesLevels;
    private readonly bool _asksForTime;
    private readonly uint[] _ticks = new uint[ScanChunk.Size];
    private readonly int[] _redirects = new int[ScanChunk.Size];

    /// <param name="plan">What to count.</param>
    /// <param name="countsByTime">Whether clicks are counted by time, too, though nobody asks for that breakdown.</param>
    public ScanWorker(ScanPlan plan, bool countsByTime = false)
    {
        _plan = plan;
        _block = new ScanChunk(plan);
        Breakdowns = [.. plan.Question.Breakdowns.Select(attribute => new BreakdownCount(plan, CodesFor(attribute, IsOfProfile(attribute))))];
        CrossTabs = [.. plan.Question.CrossTabs.Select(CrossTabFor)];
        Redirects = plan.Question.RedirectsByTime ? new RedirectCount(plan, CodesFor(AttributeId.Time, perProfile: false)) : null;
        var perClick = Breakdowns.Where(breakdown => breakdown.PerClick).Chunk(3).Where(three => three.Length == 3).ToList();
        _inThrees = [.. perClick.Select(three => (three[0], three[1], three[2]))];
        var perProfile = Breakdowns.Where(breakdown => !breakdown.PerClick).Chunk(2).Where(two => two.Length == 2).ToList();
        _inTwos = [.. perProfile.Select(two => (two[0], two[1]))];
        ByTime = countsByTime ? new BreakdownCount(plan, CodesFor(AttributeId.Time, perProfile: false)) : null;
        _others = [.. Breakdowns.Concat(ByTime is null ? [] : [ByTime]).Except(perClick.Concat(perProfile).SelectMany(several => several))];
        _listsClicks = _codes.Exists(codes => !codes.PerProfile);
        _listsProfiles = _codes.Exists(codes => codes.PerProfile);
        _crossesLevels = _codes.Exists(codes => !codes.PerProfile && IsOfProfile(codes.Attribute));
        _asksForTime = _codes.Exists(codes => codes.Attribute == AttributeId.Time);
    }

    public BreakdownCount[] Breakdowns { get; }

    public CrossTabCount[] CrossTabs { get; }

    /// <summary>Null: not asked for.</summary>
    public RedirectCount? Redirects { get; }

    /// <summary>Null: not asked for.</summary>
    public BreakdownCount? ByTime { get; }

    public long Clicks { get; private set; }

    public long UniqueVisitors { get; private set; }

    /// <summary>In Unix milliseconds; the largest value there is if no click was counted.</summary>
    public long First { get; private set; } = long.MaxValue;

    /// <summary>In Unix milliseconds; the smallest value there is if no click was counted.</summary>
    public long Last { get; private set; } = long.MinValue;

    public long RedirectMs { get; private set; }

    public long RedirectsTimed { get; private set; }

    /// <param name="run">The run.</param>
    /// <param name="linksLookedUp">The links that the question is about, if the run's postings are to be used.</param>
    /// <param name="cancellationToken">Ends the counting.</param>
    public void Count(ClickRun run, int[]? linksLookedUp, CancellationToken cancellationToken)
    {
        if (run.Count == 0 || run.Table.Times.Last < _plan.Question.From || _plan.Question.To < run.Table.Times.First)
        {
            return;
        }

        var all = _plan.SelectsAllOf(run);
        if (all)
        {
            // What is known of the run as a whole.
            Clicks += run.Count;
            UniqueVisitors += run.Visitors.Length;
            First = Math.Min(First, run.Table.Times.First);
            Last = Math.Max(Last, run.Table.Times.Last);
            RedirectMs += run.RedirectTotal;
            RedirectsTimed += run.RedirectCount;
            if (_codes.Count == 0)
            {
                return;
            }
        }

        _block.StartRun(run, linksLookedUp);
        while (_block.Next(all))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_block.Count > 0)
            {
                CountBlock(all);
            }
        }
    }

    public void Dispose()
    {
        foreach (var breakdown in Breakdowns)
        {
            breakdown.Return();
        }

        ByTime?.Return();

        foreach (var crossTab in CrossTabs)
        {
            crossTab.Return();
        }
    }

    private static bool IsOfProfile(AttributeId attribute) => attribute.Level == AttributeLevel.Profile;

    private CrossTabCount CrossTabFor(AttributePair crossTab)
    {
        var perProfile = IsOfProfile(crossTab.First) && IsOfProfile(crossTab.Second);
        return new CrossTabCount(_plan, CodesFor(crossTab.First, perProfile), CodesFor(crossTab.Second, perProfile));
    }

    /// <summary>The list of an attribute's codes, made once however many breakdowns and cross-tabs need it.</summary>
    private CodeList CodesFor(AttributeId attribute, bool perProfile)
    {
        var codes = _codes.Find(known => known.Attribute == attribute && known.PerProfile == perProfile);
        if (codes is null)
        {
            codes = new CodeList(_plan, attribute, perProfile);
            _codes.Add(codes);
        }

        return codes;
    }

    private void CountBlock(bool summaryIsKnown)
    {
        _block.List(_listsClicks, _crossesLevels, _listsProfiles);
        var ticks = summaryIsKnown && !_asksForTime ? default : ReadTicks();
        if (!summaryIsKnown)
        {
            CountSummary(ticks);
        }

        foreach (var codes in _codes)
        {
            codes.Fill(_block, ticks);
        }

        foreach (var (first, second, third) in _inThrees)
        {
            BreakdownCount.Add(first, second, third, _block);
        }

        foreach (var (first, second) in _inTwos)
        {
            BreakdownCount.Add(first, second, _block);
        }

        foreach (var breakdown in _others)
        {
            breakdown.Add(_block);
        }

        foreach (var crossTab in CrossTabs)
        {
            crossTab.Add(_block);
        }

        if (Redirects is not null && _block.Run.RedirectCount > 0)
        {
            Redirects.Add(_block, ReadRedirects());
        }
    }

    private ReadOnlySpan<uint> ReadTicks()
    {
        if (_block.IsWhole)
        {
            return _block.Run.Table.Times.Ticks.Slice(_block.Start, _block.Count);
        }

        _block.Run.Table.Times.GatherTicks(_block.Rows, _ticks);
        return _ticks.AsSpan(0, _block.Count);
    }

    private void CountSummary(ReadOnlySpan<uint> ticks)
    {
        Clicks += _block.Count;
        UniqueVisitors += _block.NewVisitors;
        NoteTimes(ticks);
        if (_block.Run.RedirectCount > 0)
        {
            AddRedirects();
        }
    }

    private void NoteTimes(ReadOnlySpan<uint> ticks)
    {
        var (first, last) = TimeColumn.FirstAndLast(ticks);

        // Only rarely does a block have the earliest or latest click so far; then its clicks are looked at to the millisecond.
        var times = _block.Run.Table.Times;
        if (times.TickScale.TimeOf(first) >= First && times.TickScale.TimeOf(last) + times.TickScale.Tick <= Last)
        {
            return;
        }

        for (var i = 0; i < ticks.Length; i++)
        {
            if (ticks[i] == first || ticks[i] == last)
            {
                var time = times[_block.IsWhole ? _block.Start + i : _block.Rows[i]];
                First = Math.Min(First, time);
                Last = Math.Max(Last, time);
            }
        }
    }

    private Span<int> ReadRedirects()
    {
        var redirects = _redirects.AsSpan(0, _block.Count);
        if (_block.IsWhole)
        {
            _block.Run.Table.Redirects.Read(_block.Start, redirects);
        }
        else
        {
            _block.Run.Table.Redirects.Gather(_block.Rows, redirects);
        }

        return redirects;
    }

    private void AddRedirects()
    {
        var (total, timed) = (0L, 0);
        foreach (var redirect in ReadRedirects())
        {
            total += redirect;
            timed += redirect != 0 ? 1 : 0;
        }

        RedirectMs += total - timed; // each is held as one more than its milliseconds
        RedirectsTimed += timed;
    }
}
