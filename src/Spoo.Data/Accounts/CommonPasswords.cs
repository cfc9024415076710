using Microsoft.AspNetCore.Identity;

namespace Spoo.Data.Accounts;

/// <summary>Refuses the passwords that are tried first: the commonest 10,000 of eight and more characters.</summary>
public sealed class CommonPasswords : IPasswordValidator<SpooUser>
{
    /// <summary>The code of the error.</summary>
    public const string Code = "CommonPassword";

    private static readonly Lazy<HashSet<string>> List = new(Read);

    private static readonly IdentityError Common = new()
    {
        Code = Code,
        Description = "This password is one of the commonest and is tried first; choose another, such as a few words of your own.",
    };

    public static bool Has(string password) => List.Value.Contains(password);

    public Task<IdentityResult> ValidateAsync(UserManager<SpooUser> manager, SpooUser user, string? password) =>
        Task.FromResult(password is not null && Has(password) ? IdentityResult.Failed(Common) : IdentityResult.Success);

    private static HashSet<string> Read()
    {
        using var file = typeof(CommonPasswords).Assembly.GetManifestResourceStream("common-passwords.txt")!;
        using var reader = new StreamReader(file);
        return new HashSet<string>(reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries), StringComparer.OrdinalIgnoreCase);
    }
}
