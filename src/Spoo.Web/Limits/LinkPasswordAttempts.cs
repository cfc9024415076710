using System.Net;
using System.Threading.RateLimiting;
using Spoo.Data.Links;
using Spoo.Web.Identity;

namespace Spoo.Web.Limits;

/// <summary>
/// The only place where the password of a link is tried, whichever door was used. Each address has one budget for each link; what
/// is wrong counts against the link too, so that many addresses together do not guess any further than a few.
/// </summary>
public sealed class LinkPasswordAttempts(TimeProvider clock) : IDisposable
{
    private static readonly RateWindow[] OfOneAddress = [new(10, TimeSpan.FromMinutes(1)), new(30, TimeSpan.FromHours(1))];
    private static readonly RateWindow[] WrongOnesOfAll = [new(300, TimeSpan.FromHours(1)), new(1000, TimeSpan.FromDays(1))];

    private readonly PartitionedRateLimiter<Attempt> _ofOneAddress = PartitionedRateLimiter.Create<Attempt, Attempt>(
        attempt => RateLimitPartition.Get(attempt, _ => new FixedWindows(OfOneAddress, clock)));

    private readonly PartitionedRateLimiter<long> _wrongOnesOfAll = PartitionedRateLimiter.Create<long, long>(
        link => RateLimitPartition.Get(link, _ => new FixedWindows(WrongOnesOfAll, clock)));

    /// <summary>Counts an attempt and says whether it is the password. It takes some tens of milliseconds, right or wrong.</summary>
    public LinkPasswordAnswer Try(long linkId, string passwordHash, string password, IPAddress? visitor)
    {
        using var own = _ofOneAddress.AttemptAcquire(new Attempt(linkId, ClientNetwork.Of(visitor)));
        using var all = _wrongOnesOfAll.AttemptAcquire(linkId, permitCount: 0);
        if ((Wait(own) ?? Wait(all)) is { } wait)
        {
            return new LinkPasswordAnswer(false, wait);
        }

        var isRight = LinkPassword.Matches(passwordHash, password);
        if (!isRight)
        {
            _wrongOnesOfAll.AttemptAcquire(linkId).Dispose();
        }

        return new LinkPasswordAnswer(isRight, null);
    }

    public void Dispose()
    {
        _ofOneAddress.Dispose();
        _wrongOnesOfAll.Dispose();
    }

    private static TimeSpan? Wait(RateLimitLease lease) =>
        !lease.IsAcquired && lease.TryGetMetadata(RateStanding.Metadata, out var standing) ? standing?.RetryAfter : null;

    private readonly record struct Attempt(long LinkId, string Visitor);
}

/// <param name="IsRight">Whether it was the password.</param>
/// <param name="RetryAfter">When the next attempt may come; this one was not looked at. Null: it was.</param>
public readonly record struct LinkPasswordAnswer(bool IsRight, TimeSpan? RetryAfter);
