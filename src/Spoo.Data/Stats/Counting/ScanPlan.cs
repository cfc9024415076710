using System.Collections.Concurrent;
using Spoo.Data.Stats.Counting.Columns;

namespace Spoo.Data.Stats.Counting;

/// <summary>A question made ready for the clicks of one moment: how many groups each attribute has, and which codes pass.</summary>
internal sealed class ScanPlan
{
    /// <summary>Of more links, searching for each costs as much as looking through all clicks.</summary>
    private const int MostLinksLookedUp = 64;

    /// <summary>From one click in so many on, those that count are found quicker by looking through all.</summary>
    private const int SparseShare = 16;

    private readonly ReadOnlyMemory<int>[] _sourceCodes;

    // Each worker asks, and there can be as many sources as clicks.
    private readonly ConcurrentDictionary<TickScale, TickBuckets> _buckets = [];
    private readonly ConcurrentDictionary<AttributeId, int> _sizes = [];
    private readonly int[]? _fewLinks;
    private readonly ClickShard _fresh;

    public ScanPlan(ClickColumns columns, ScanQuestion question)
    {
        _fresh = new ClickShard(columns.Fresh);
        Shards = [.. columns.Shards, _fresh];
        Question = question;
        SourceCount = columns.Sources.Count;
        _sourceCodes = [.. Enumerable.Range(0, columns.Sources.Width).Select(column => columns.Sources.Column(column)[..SourceCount])];
        var filters = question.Filters.ToList();
        if (question.Links is { } links)
        {
            filters.Add(new CodeFilter(AttributeId.Link, Include: true, links));
        }

        var sets = filters
            .GroupBy(filter => filter.Attribute, (attribute, about) => (Attribute: attribute, Set: CodeSet.Of(SizeOf(attribute), about)))
            .Where(filter => filter.Set.Count < filter.Set.Passes.Length)
            .ToList();
        CountsNothing = question.From > question.To || sets.Any(filter => filter.Set.Count == 0);
        Links = sets.Find(filter => filter.Attribute == AttributeId.Link).Set;
        _fewLinks = Links is { Count: <= MostLinksLookedUp } few ? [.. few.Codes] : null;
        Profiles = [.. sets.Where(filter => filter.Attribute.Level == AttributeLevel.Profile).Select(filter => (filter.Attribute.Column, filter.Set))];
        var sources = sets.FindAll(filter => filter.Attribute.Level == AttributeLevel.Source);
        Sources = sources.Count == 0
            ? null
            : CodeSet.OfRows(SourceCount, sources.ConvertAll(filter => (_sourceCodes[filter.Attribute.Column], filter.Set)));
    }

    public ScanQuestion Question { get; }

    /// <summary>What together has every visitor once.</summary>
    public IReadOnlyList<ClickShard> Shards { get; }

    /// <summary>
    /// The codes of the links whose clicks are better looked up than looked for in a run; null if looking through it is no dearer. What is not merged yet
    /// changes with every batch, and is short; what is read from a file is read for this one time: postings would be made for nothing.
    /// </summary>
    /// <param name="run">A shard's run, or one that is cut out of it.</param>
    /// <param name="shard">The shard.</param>
    public int[]? LinksLookedUpIn(ClickRun run, ClickShard shard) =>
        _fewLinks is not null && shard.IsInMemory && shard != _fresh
        && run.Table.Links.Bytes > 0 && run.Postings.CountOf(_fewLinks) <= run.Count / SparseShare ? _fewLinks : null;

    /// <summary>Whether it is known without reading a shard that none of its clicks counts.</summary>
    public bool CountsNothingOf(ClickShard shard) =>
        shard.Count == 0 || shard.TimesLast < Question.From || Question.To < shard.TimesFirst || (Links is { } links && !shard.MayHave(links.Codes));

    /// <summary>Whether the question excludes every click, so that there is nothing to look at.</summary>
    public bool CountsNothing { get; }

    /// <summary>The links whose clicks count; null for all.</summary>
    public CodeSet? Links { get; }

    /// <summary>The rows of the source table whose clicks count; null for all.</summary>
    public CodeSet? Sources { get; }

    /// <summary>The profile attributes that are filtered by.</summary>
    public IReadOnlyList<(int Column, CodeSet Set)> Profiles { get; }

    private int SourceCount { get; }

    /// <summary>How many codes an attribute has: they are all smaller. One bucket more than there are stands for none.</summary>
    public int SizeOf(AttributeId attribute) => _sizes.GetOrAdd(attribute, CountCodes);

    /// <summary>How many of an attribute's codes are real: all but the bucket that stands for none.</summary>
    public int CodesOf(AttributeId attribute) => attribute.Level == AttributeLevel.Time ? SizeOf(attribute) - 1 : SizeOf(attribute);

    /// <summary>Whether every click of a run counts, as far as that can be said without looking at them.</summary>
    public bool SelectsAllOf(ClickRun run) =>
        Links is null && Sources is null && Profiles.Count == 0
        && Question.From <= run.Table.Times.First && run.Table.Times.Last <= Question.To;

    public TickBuckets BucketsFor(TickScale clock) => _buckets.TryGetValue(clock, out var known) ? known : _buckets.GetOrAdd(clock, new TickBuckets(Question.Buckets!, clock));

    public ReadOnlySpan<int> SourceCodes(int column) => _sourceCodes[column].Span;

    private int CountCodes(AttributeId attribute) => attribute.Level switch
    {
        AttributeLevel.Time when Question.Buckets is { } buckets => buckets.Count + 1,
        AttributeLevel.Link => Math.Max(1, Shards.Max(shard => shard.Links)),
        AttributeLevel.LinkGroup => 1 + Largest(Question.LinkGroups),
        AttributeLevel.Source => 1 + Largest(_sourceCodes[attribute.Column].Span),
        AttributeLevel.Profile => Math.Max(1, Shards.Max(shard => shard.ProfileCodes[attribute.Column])),
        _ => throw new ArgumentException("Clicks can be counted by time only with buckets, and not filtered by it."),
    };

    private static int Largest(ReadOnlySpan<int> codes)
    {
        var largest = 0;
        foreach (var code in codes)
        {
            largest = Math.Max(largest, code);
        }

        return largest;
    }
}
