using Microsoft.AspNetCore.Components.Forms;
using Microsoft.AspNetCore.Identity;
using Spoo.Data.Accounts;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Components.Account;

/// <summary>What is wrong with a form that was sent, each said beside its field and in the viewer's language.</summary>
internal sealed class FormCheck
{
    public const int MinPasswordLength = 8;
    public const int MaxPasswordLength = 128;
    public const int MaxEmailLength = 254;

    private readonly ValidationMessageStore _messages;

    /// <param name="fields">What the form was sent with.</param>
    public FormCheck(object fields)
    {
        Form = new EditContext(fields);
        _messages = new ValidationMessageStore(Form);
    }

    public EditContext Form { get; }

    /// <summary>Whether nothing was found wrong so far.</summary>
    public bool IsGood { get; private set; } = true;

    public void Require(bool isRight, string field, string otherwise)
    {
        if (!isRight)
        {
            _messages.Add(Form.Field(field), otherwise);
            IsGood = false;
        }
    }

    public void RequireText(string? text, string field, string otherwise) => Require(!string.IsNullOrWhiteSpace(text), field, otherwise);

    public void RequireNewPassword(string? password, string field) => Require(
        password is { Length: >= MinPasswordLength and <= MaxPasswordLength } && !CommonPasswords.Has(password),
        field,
        string.IsNullOrEmpty(password) ? T("Choose a password.")
        : password.Length is < MinPasswordLength or > MaxPasswordLength ? T("Use {0} to {1} characters.", MinPasswordLength, MaxPasswordLength)
        : T("Too many people have this password, so it is tried first. Choose another, such as a few words of your own."));

    public void RequireEmail(string? email, string field) => Require(
        email?.Trim() is { Length: > 0 and <= MaxEmailLength } text && new System.ComponentModel.DataAnnotations.EmailAddressAttribute().IsValid(text),
        field,
        string.IsNullOrWhiteSpace(email) ? T("Enter your e-mail.") : T("This is not an e-mail address, such as you@example.com."));

    /// <summary>Puts what Identity has to say beside the field that it is about.</summary>
    /// <param name="email">The field of the e-mail; null where there is none.</param>
    /// <param name="currentPassword">The field of the current password; null where there is none.</param>
    public void Show(IEnumerable<IdentityError> errors, string otherwise, string? email = null, string? currentPassword = null)
    {
        IsGood = false;
        foreach (var error in errors)
        {
            var (field, message) = error.Code switch
            {
                // The user name is the e-mail: one complaint is enough.
                nameof(IdentityErrorDescriber.DuplicateUserName) => (null, ""),
                nameof(IdentityErrorDescriber.DuplicateEmail) => (email, T("There is an account with this e-mail already. Sign in, or use another one.")),
                nameof(IdentityErrorDescriber.InvalidEmail) or nameof(IdentityErrorDescriber.InvalidUserName) =>
                    (email, T("This is not an e-mail address, such as you@example.com.")),
                nameof(IdentityErrorDescriber.PasswordMismatch) => (currentPassword, T("This is not your current password.")),
                nameof(IdentityErrorDescriber.InvalidToken) => (otherwise, T("This link is too old, was used already, or is not complete. Ask for a new one.")),
                _ => (otherwise, error.Description),
            };
            if (field is not null)
            {
                _messages.Add(Form.Field(field), message);
            }
        }
    }
}
