using Microsoft.AspNetCore.Identity;
using Spoo.Data.Accounts;

namespace Spoo.Web.Components.Account;

/// <summary>What is wrong with an account that a person asks for, but for there being one already, which is not for everybody to learn.</summary>
internal static class SignUpFaults
{
    public static async Task<IReadOnlyList<IdentityError>> OfAsync(UserManager<SpooUser> users, SpooUser user, string password)
    {
        var faults = new List<IdentityError>();
        foreach (var validator in users.UserValidators)
        {
            faults.AddRange((await validator.ValidateAsync(users, user)).Errors);
        }

        foreach (var validator in users.PasswordValidators)
        {
            faults.AddRange((await validator.ValidateAsync(users, user, password)).Errors);
        }

        return [.. faults.Where(fault => fault.Code is not (nameof(IdentityErrorDescriber.DuplicateEmail) or nameof(IdentityErrorDescriber.DuplicateUserName)))];
    }
}
