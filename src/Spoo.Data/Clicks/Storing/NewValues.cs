using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Journal;

namespace Spoo.Data.Clicks.Storing;

/// <summary>
/// Bounds what strangers can add to the tables that clicks share. Referrers, utm parameters and User-Agents are theirs to choose, each new one is a
/// row for good, and people do not click a link from a thousand new places in an hour by chance. What goes beyond loses its text first, so that
/// its browser or domain still counts, and is counted as <see cref="Other"/> in the end. For one thread.
/// </summary>
internal sealed class NewValues(ClickOptions options)
{
    /// <summary>The value of clicks whose own was one too many.</summary>
    public const string Other = ClickSource.Other;

    private readonly Dictionary<long, OfLink> _links = [];
    private long _hour = long.MinValue;

    /// <summary>What to store of an agent that has not been met lately.</summary>
    public (ClickAgent Agent, bool IsItself) Bounded(ClickAgent agent, long linkId, DateTimeOffset time)
    {
        var link = LinkIn(linkId, time);
        if (link.Agents < options.NewValuesPerHour)
        {
            link.Agents++;
            return (agent, true);
        }

        var withoutText = agent.WithoutText();
        return (Takes(link.AgentsWithoutText, withoutText.Id) ? withoutText : withoutText.AsOther(), false);
    }

    /// <summary>What to store of a source that has not been met lately.</summary>
    public (ClickSource Source, bool IsItself) Bounded(ClickSource source, long linkId, DateTimeOffset time)
    {
        var link = LinkIn(linkId, time);
        if (link.Sources < options.NewValuesPerHour)
        {
            link.Sources++;
            return (source, true);
        }

        var withoutText = source.WithoutPage();
        return (Takes(link.SourcesWithoutPage, withoutText.Id) ? withoutText : withoutText.AsOther(), false);
    }

    /// <summary>What to store of a place that has not been met lately.</summary>
    public (ClickPlace Place, bool IsItself) Bounded(ClickPlace place, long linkId, DateTimeOffset time)
    {
        var link = LinkIn(linkId, time);
        if (link.Places < options.NewValuesPerHour)
        {
            link.Places++;
            return (place, true);
        }

        // There are not many countries.
        return (ClickPlace.Of(place.Country, null, null), false);
    }

    private bool Takes(HashSet<long> known, long id) => known.Contains(id) || (known.Count < options.NewValuesPerHour && known.Add(id));

    private OfLink LinkIn(long linkId, DateTimeOffset time)
    {
        // Clicks come in the order of the journal, but for a few of the moment at which an hour ends.
        var hour = time.ToUnixTimeSeconds() / 3600;
        if (hour > _hour)
        {
            _hour = hour;
            _links.Clear();
        }

        if (!_links.TryGetValue(linkId, out var link))
        {
            _links.Add(linkId, link = new OfLink());
        }

        return link;
    }

    private sealed class OfLink
    {
        public int Agents { get; set; }

        public int Sources { get; set; }

        public int Places { get; set; }

        public HashSet<long> AgentsWithoutText { get; } = [];

        public HashSet<long> SourcesWithoutPage { get; } = [];
    }
}
