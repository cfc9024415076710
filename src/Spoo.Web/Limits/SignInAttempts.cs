using System.Net;
using Spoo.Web.Identity;

namespace Spoo.Web.Limits;

/// <summary>
/// How many wrong passwords one client may enter for one e-mail address, whether that has an account or not. It slows the client down and
/// no other client: not the owner, who sits elsewhere.
/// </summary>
internal sealed class SignInAttempts(CallCounts counts)
{
    /// <summary>No address is longer; what is stands for no account.</summary>
    private const int MaxAddressLength = 254;

    private static readonly RateWindow[] Windows = [new(5, TimeSpan.FromMinutes(5)), new(20, TimeSpan.FromHours(1)), new(50, TimeSpan.FromDays(1))];

    private readonly CallLimit _wrong = counts.Limit("wrong passwords of accounts", Windows);

    public bool IsLeft(string email, IPAddress? address) => _wrong.Count(Of(email, address), calls: 0).RetryAfter is null;

    public void CountWrong(string email, IPAddress? address) => _wrong.Count(Of(email, address));

    private static string Of(string email, IPAddress? address)
    {
        var text = email.Trim();
        return $"{ClientNetwork.Of(address)} {(text.Length <= MaxAddressLength ? text : text[..MaxAddressLength]).ToUpperInvariant()}";
    }
}
