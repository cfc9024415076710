using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace Spoo.Web.Identity;

/// <summary>How often one visitor may try the password of one link: ten times a minute and thirty times an hour.</summary>
internal sealed class PasswordAttempts : IDisposable
{
    private readonly PartitionedRateLimiter<Attempt> _limiter = PartitionedRateLimiter.CreateChained(
        Limit(10, TimeSpan.FromMinutes(1)), Limit(30, TimeSpan.FromHours(1)));

    /// <summary>Counts an attempt.</summary>
    /// <param name="retryAfter">When the next one may come, if this one may not.</param>
    public bool IsAllowed(long linkId, IPAddress? visitor, out TimeSpan retryAfter)
    {
        using var lease = _limiter.AttemptAcquire(new Attempt(linkId, Neighbourhood(visitor)));
        retryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromMinutes(1);
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();

    private static PartitionedRateLimiter<Attempt> Limit(int attempts, TimeSpan window) =>
        PartitionedRateLimiter.Create<Attempt, Attempt>(attempt => RateLimitPartition.GetFixedWindowLimiter(
            attempt, _ => new FixedWindowRateLimiterOptions { PermitLimit = attempts, Window = window, QueueLimit = 0 }));

    // A household has more IPv6 addresses than a guesser needs, all in one /64.
    private static string Neighbourhood(IPAddress? address) => address switch
    {
        null => "",
        { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } => Convert.ToHexString(address.GetAddressBytes(), 0, 8),
        _ => address.MapToIPv4().ToString(),
    };

    private readonly record struct Attempt(long LinkId, string Visitor)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"attempt on link {LinkId}");
    }
}
