using Spoo.Web.Mail;

namespace Spoo.Tests.Support;

/// <summary>A mail server that takes a mail and hangs up.</summary>
internal sealed class BrokenMailer : IMailer
{
    public Mail? Tried { get; private set; }

    public bool Delivers => true;

    public Task SendAsync(Mail mail, CancellationToken cancellationToken)
    {
        Tried = mail;
        throw new IOException("the mail server hung up");
    }
}
