using System.Globalization;
using System.Net;
using Spoo.Data.Links;
using Spoo.Web.Identity;

namespace Spoo.Web.Limits;

/// <summary>
/// The only place where the password of a link is tried, whichever door was used. Each address has one budget for each link; what
/// is wrong counts against the link too, so that many addresses together do not guess any further than a few.
/// </summary>
public sealed class LinkPasswordAttempts(CallCounts counts)
{
    private static readonly RateWindow[] OfOneAddress = [new(10, TimeSpan.FromMinutes(1)), new(30, TimeSpan.FromHours(1))];
    private static readonly RateWindow[] WrongOnesOfAll = [new(300, TimeSpan.FromHours(1)), new(1000, TimeSpan.FromDays(1))];

    private readonly CallLimit _ofOneAddress = counts.Limit("passwords of links", OfOneAddress);
    private readonly CallLimit _wrongOnesOfAll = counts.Limit("wrong passwords of links", WrongOnesOfAll);

    /// <summary>Counts an attempt and says whether it is the password. It takes some tens of milliseconds, right or wrong.</summary>
    public LinkPasswordAnswer Try(long linkId, string passwordHash, string password, IPAddress? visitor)
    {
        var link = linkId.ToString(CultureInfo.InvariantCulture);
        if ((_ofOneAddress.Count($"{link} {ClientNetwork.Of(visitor)}").RetryAfter ?? _wrongOnesOfAll.Count(link, calls: 0).RetryAfter) is { } wait)
        {
            return new LinkPasswordAnswer(false, wait);
        }

        var isRight = LinkPassword.Matches(passwordHash, password);
        if (!isRight)
        {
            _wrongOnesOfAll.Count(link);
        }

        return new LinkPasswordAnswer(isRight, null);
    }
}

/// <param name="IsRight">Whether it was the password.</param>
/// <param name="RetryAfter">When the next attempt may come; this one was not looked at. Null: it was.</param>
public readonly record struct LinkPasswordAnswer(bool IsRight, TimeSpan? RetryAfter);
