using System.Diagnostics;

namespace Spoo.Web.Mail;

/// <summary>There is no mail server. Nothing that would be mailed is written anywhere else: a link in a log is a key under the mat.</summary>
internal sealed class NoMailer : IMailer
{
    public bool Delivers => false;

    public Task SendAsync(Mail mail, CancellationToken cancellationToken) =>
        throw new UnreachableException("There is no mail server, and whoever has a mail to send asks that first.");
}
