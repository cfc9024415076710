using System.Globalization;
using Spoo.Data.Links;
using Spoo.Web.Words;
using static Spoo.Web.Words.Plurals;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Components.Links;

/// <summary>What is special about a link: what ends it, what it asks for, and who sees its numbers. Each with its icon.</summary>
internal static class LinkFacts
{
    public static IEnumerable<(string Icon, string Says)> Of(Link link, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (link.PasswordHash is not null)
        {
            yield return (Icons.Lock, T("Asks for a password"));
        }

        if (link.MaxClicks is { } limit)
        {
            var left = Math.Max(0, limit - link.TotalClicks);
            yield return (Icons.Gauge, N(limit, "{1} of {0} click left", "{1} of {0} clicks left", Numbers.Long(left)));
        }

        if (link.ExpireAfter is { } end)
        {
            var day = DateFormats.Moment(TimeZoneInfo.ConvertTime(end, zone));
            yield return (Icons.Clock, end > now ? T("Expires on {0}", day) : T("Expired on {0}", day));
        }

        if (link.StartsAt is { } start && start > now)
        {
            yield return (Icons.Clock, T("Begins on {0}", DateFormats.Moment(TimeZoneInfo.ConvertTime(start, zone))));
        }

        if (link.ArchivedAt is not null)
        {
            yield return (Icons.Archive, T("Archived"));
        }

        if (link.BlockBots == true)
        {
            yield return (Icons.Shield, T("Blocks bots"));
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
            yield return (Icons.Branch, Plurals.N(rules.All.Count, "{0} rule", "{0} rules"));
        }

        if (link.Preview is not null)
        {
            yield return (Icons.Card, T("Has a card of its own"));
        }

        yield return (Icons.Eye, link.PrivateStats == true ? T("Its statistics are private") : T("Its statistics are public"));
    }
}
