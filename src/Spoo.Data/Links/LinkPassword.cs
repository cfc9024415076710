using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Spoo.Data.Links;

/// <summary>The password of a link, which is kept as a hash only (PBKDF2 with a salt, the framework's own format).</summary>
public static class LinkPassword
{
    /// <summary>Rounds of PBKDF2 with HMAC-SHA-512, as OWASP's cheat sheet on password storage has them (2025).</summary>
    public const int Iterations = 210_000;

    private static readonly PasswordHasher<Link> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));

    public static string Hash(string password) => Hasher.HashPassword(null!, password);

    /// <summary>Whether this is the password. It takes about a tenth of a second, on purpose.</summary>
    public static bool Matches(string hash, string password)
    {
        try
        {
            return Hasher.VerifyHashedPassword(null!, hash, password) != PasswordVerificationResult.Failed;
        }
        catch (FormatException)
        {
            // Put into the database by hand, or by a program that keeps passwords in another way: nothing opens it.
            return false;
        }
    }
}
