using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Database;

namespace Spoo.Web.Identity;

/// <summary>
/// Codes of authenticator apps (RFC 6238), each of which works once: looking over a shoulder, or listening in, is of no use.
/// The half minutes before and after count too, because clocks differ.
/// </summary>
internal sealed class OnceAuthenticator(IDbContextFactory<SpooDbContext> contexts, TimeProvider clock) : AuthenticatorTokenProvider<SpooUser>
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int StepSeconds = 30;
    private const int Digits = 6;
    private const int Modulus = 1_000_000;

    public override async Task<bool> ValidateAsync(string purpose, string token, UserManager<SpooUser> manager, SpooUser user)
    {
        if (token.Length != Digits || await manager.GetAuthenticatorKeyAsync(user) is not { Length: > 0 } key)
        {
            return false;
        }

        var now = clock.GetUtcNow().ToUnixTimeSeconds() / StepSeconds;
        var secret = Decode(key);
        for (var step = now - 1; step <= now + 1; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(CodeOf(secret, step)), Encoding.UTF8.GetBytes(token)))
            {
                return await UseAsync(user, step);
            }
        }

        return false;
    }

    /// <summary>Of two who come with the same code at once, one is let in.</summary>
    private async Task<bool> UseAsync(SpooUser user, long step)
    {
        await using var context = await contexts.CreateDbContextAsync();
        if (await context.Users.Where(row => row.Id == user.Id && row.LastCodeStep < step)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LastCodeStep, step)) == 0)
        {
            return false;
        }

        // A request that has read the account before writes all of it back.
        user.LastCodeStep = step;
        return true;
    }

    private static byte[] Decode(string key)
    {
        var bytes = new List<byte>();
        var (buffer, bits) = (0, 0);
        foreach (var letter in key.TrimEnd('='))
        {
            (buffer, bits) = ((buffer << 5) | (Base32.IndexOf(char.ToUpperInvariant(letter), StringComparison.Ordinal) & 31), bits + 5);
            if (bits >= 8)
            {
                bits -= 8;
                bytes.Add((byte)(buffer >> bits));
                buffer &= (1 << bits) - 1;
            }
        }

        return [.. bytes];
    }

    private static string CodeOf(byte[] secret, long step)
    {
        Span<byte> message = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(message, step);
#pragma warning disable CA5350 // It is what the apps know; what is weak about SHA-1 does not matter in an HMAC.
        var hash = HMACSHA1.HashData(secret, message);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 15)) & int.MaxValue;
        return (number % Modulus).ToString("D6", CultureInfo.InvariantCulture);
    }
}
