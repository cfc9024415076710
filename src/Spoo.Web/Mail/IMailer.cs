namespace Spoo.Web.Mail;

/// <summary>A mail in plain text.</summary>
internal sealed record Mail(string To, string Subject, string Text);

/// <summary>Whatever delivers mails.</summary>
internal interface IMailer
{
    /// <summary>Whether mails reach their readers.</summary>
    bool Delivers { get; }

    Task SendAsync(Mail mail, CancellationToken cancellationToken);
}
