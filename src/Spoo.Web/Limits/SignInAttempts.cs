using System.Net;
using System.Threading.RateLimiting;
using Spoo.Web.Identity;

namespace Spoo.Web.Limits;

/// <summary>
/// How many wrong passwords one client may enter for one e-mail address, whether that has an account or not. It slows the client down and
/// no other client: not the owner, who sits elsewhere.
/// </summary>
internal sealed class SignInAttempts(TimeProvider clock) : IDisposable
{
    /// <summary>No address is longer; what is stands for no account.</summary>
    private const int MaxAddressLength = 254;

    private static readonly RateWindow[] Windows = [new(5, TimeSpan.FromMinutes(5)), new(20, TimeSpan.FromHours(1)), new(50, TimeSpan.FromDays(1))];

    private readonly PartitionedRateLimiter<Client> _wrong = PartitionedRateLimiter.Create<Client, Client>(
        client => RateLimitPartition.Get(client, _ => new FixedWindows(Windows, clock)));

    public bool IsLeft(string email, IPAddress? address)
    {
        using var lease = _wrong.AttemptAcquire(Of(email, address), permitCount: 0);
        return lease.IsAcquired;
    }

    public void CountWrong(string email, IPAddress? address) => _wrong.AttemptAcquire(Of(email, address)).Dispose();

    public void Dispose() => _wrong.Dispose();

    private static Client Of(string email, IPAddress? address)
    {
        var text = email.Trim();
        return new Client((text.Length <= MaxAddressLength ? text : text[..MaxAddressLength]).ToUpperInvariant(), ClientNetwork.Of(address));
    }

    private readonly record struct Client(string Email, string Network);
}
