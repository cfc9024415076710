using Spoo.Data.Links;
using Spoo.Web.Components.Shared;
using Spoo.Web.Words;
using static Spoo.Web.Words.Plurals;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Components.Links;

/// <summary>What is special about a link, as the little pictures beside its code say.</summary>
internal static class LinkBadges
{
    public static IEnumerable<(string Icon, string Says)> Of(Link link, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (link.PasswordHash is not null)
        {
            yield return (Icons.Lock, T("Asks for a password"));
        }

        if (link.MaxClicks is { } limit)
        {
            yield return (Icons.Gauge, N(limit, "Ends after {0} click", "Ends after {0} clicks"));
        }

        if (link.ExpireAfter is { } end)
        {
            yield return (Icons.Clock, end > now ? T("Expires on {0}", Day(end)) : T("Expired on {0}", Day(end)));
        }

        if (link.StartsAt is { } start && start > now)
        {
            yield return (Icons.Clock, T("Begins on {0}", Day(start)));
        }

        if (link.ArchivedAt is not null)
        {
            yield return (Icons.Archive, T("Archived"));
        }

        if (link.BlockBots == true)
        {
            yield return (Icons.Shield, T("Blocks bots"));
        }

        if (link.PrivateStats != true)
        {
            yield return (Icons.Eye, T("Its statistics are public"));
        }

        string Day(DateTimeOffset moment) => DateFormats.Day(TimeZoneInfo.ConvertTime(moment, zone));
    }
}
