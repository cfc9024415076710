using Microsoft.AspNetCore.Components.Forms;
using Microsoft.AspNetCore.Identity;

namespace Spoo.Web.Components.Account;

/// <summary>Puts what Identity has to say beside the field that it is about, in words for people.</summary>
internal static class IdentityErrors
{
    public const string EmailTaken = "There is an account with this e-mail already. Sign in, or use another one.";
    public const string NotAnEmail = "This is not an e-mail address, such as you@example.com.";
    public const string WrongPassword = "This is not your current password.";

    /// <param name="email">The field of the e-mail; null where there is none.</param>
    /// <param name="currentPassword">The field of the current password; null where there is none.</param>
    public static void Show(
        this ValidationMessageStore messages,
        IEnumerable<IdentityError> errors,
        FieldIdentifier password,
        FieldIdentifier? email = null,
        FieldIdentifier? currentPassword = null)
    {
        foreach (var error in errors)
        {
            var (field, message) = error.Code switch
            {
                // The user name is the e-mail: one complaint is enough.
                nameof(IdentityErrorDescriber.DuplicateUserName) => (null, ""),
                nameof(IdentityErrorDescriber.DuplicateEmail) => (email, EmailTaken),
                nameof(IdentityErrorDescriber.InvalidEmail) or nameof(IdentityErrorDescriber.InvalidUserName) => (email, NotAnEmail),
                nameof(IdentityErrorDescriber.PasswordMismatch) => (currentPassword, WrongPassword),
                _ => ((FieldIdentifier?)password, error.Description),
            };
            if (field is not null)
            {
                messages.Add(field.Value, message);
            }
        }
    }
}
