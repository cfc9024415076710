using System.Globalization;
using Spoo.Data.Links;
using Spoo.Web.Words;
using static Spoo.Web.Words.Plurals;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Components.Links;

/// <summary>What is special about a link: what ends it, what it asks for, and who sees its numbers. Each with its icon.</summary>
internal static class LinkFacts
{
    /// <summary>All of it.</summary>
    public static IEnumerable<(string Icon, string Says)> Of(Link link, DateTimeOffset now, TimeZoneInfo zone)
    {
        foreach (var fact in InCommon(link, now, moment => DateFormats.Moment(TimeZoneInfo.ConvertTime(moment, zone)), Left))
        {
            yield return fact;
        }

        if (link.PassQuery == true)
        {
            yield return (Icons.Forward, T("Forwards query parameters"));
        }

        if (link.PassPath == true)
        {
            yield return (Icons.Forward, T("Forwards the path"));
        }

        if (link.Rules is { } rules)
        {
            yield return (Icons.Branch, N(rules.All.Count, "{0} rule", "{0} rules"));
        }

        if (link.Preview is not null)
        {
            yield return (Icons.Card, T("Has a card of its own"));
        }

        yield return (Icons.Eye, link.PrivateStats == true ? T("Its statistics are private") : T("Its statistics are public"));

        string Left(long limit) => N(limit, "{1} of {0} click left", "{1} of {0} clicks left", Numbers.Long(Math.Max(0, limit - link.TotalClicks)));
    }

    /// <summary>What a list has room for.</summary>
    public static IEnumerable<(string Icon, string Says)> InShort(Link link, DateTimeOffset now, TimeZoneInfo zone)
    {
        var facts = InCommon(
            link, now, moment => DateFormats.Day(TimeZoneInfo.ConvertTime(moment, zone)), limit => N(limit, "Ends after {0} click", "Ends after {0} clicks"));
        return link.PrivateStats == true ? facts : facts.Append((Icons.Eye, T("Its statistics are public")));
    }

    private static IEnumerable<(string Icon, string Says)> InCommon(Link link, DateTimeOffset now, Func<DateTimeOffset, string> date, Func<long, string> ends)
    {
        if (link.PasswordHash is not null)
        {
            yield return (Icons.Lock, T("Asks for a password"));
        }

        if (link.MaxClicks is { } limit)
        {
            yield return (Icons.Gauge, ends(limit));
        }

        if (link.ExpireAfter is { } end)
        {
            yield return (Icons.Clock, end > now ? T("Expires on {0}", date(end)) : T("Expired on {0}", date(end)));
        }

        if (link.StartsAt is { } start && start > now)
        {
            yield return (Icons.Clock, T("Begins on {0}", date(start)));
        }

        if (link.ArchivedAt is not null)
        {
            yield return (Icons.Archive, T("Archived"));
        }

        if (link.BlockBots == true)
        {
            yield return (Icons.Shield, T("Blocks bots"));
        }
    }
}
