using Microsoft.AspNetCore.Identity;

namespace Spoo.Data.Links;

/// <summary>The password of a link, which is kept as a hash only (PBKDF2 with a salt, the framework's own format).</summary>
public static class LinkPassword
{
    private static readonly PasswordHasher<Link> Hasher = new();

    public static string Hash(string password) => Hasher.HashPassword(null!, password);

    /// <summary>Whether this is the password. It takes some tens of milliseconds, on purpose.</summary>
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
