using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace Spoo.Web.Identity.Providers;

/// <summary>For what a signed-in person is sent to a provider.</summary>
public enum ProviderPurpose
{
    /// <summary>To sign in with it from now on, too.</summary>
    Connect,

    /// <summary>To prove again who they are.</summary>
    Confirm,
}

/// <summary>
/// Seals for what a person who is signed in is sent to a provider, and in which session. Only our own pages have such a ticket, so another site can
/// neither connect an account of its own to that of a visitor nor begin anything else in their name.
/// </summary>
internal sealed class ProviderTickets(IDataProtectionProvider protection, TimeProvider clock)
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("Spoo.ProviderTicket").ToTimeLimitedDataProtector();

    public string Seal(ProviderPurpose purpose, string session) =>
        _protector.Protect(JsonSerializer.Serialize(new Ticket(purpose, session)), clock.GetUtcNow() + Life);

    /// <summary>Null: it is too old, made up, or of another session.</summary>
    public ProviderPurpose? Open(string ticket, string? session)
    {
        try
        {
            return session is not null && JsonSerializer.Deserialize<Ticket>(_protector.Unprotect(ticket)) is { } sealedOne && sealedOne.Session == session
                ? sealedOne.Purpose
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private sealed record Ticket(ProviderPurpose Purpose, string Session);
}
