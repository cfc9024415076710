using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Spoo.Web.Mail;

/// <summary>Hands each mail to the SMTP server of the settings.</summary>
internal sealed class SmtpMailer(MailOptions options) : IMailer
{
    public bool Delivers => true;

    public async Task SendAsync(Mail mail, CancellationToken cancellationToken)
    {
        using var message = Message(mail, MailboxAddress.Parse(options.From!));
        using var client = new SmtpClient { Timeout = 30_000 };
        await client.ConnectAsync(options.Host!, options.Port, Security, cancellationToken);
        if (options.User is not null)
        {
            await client.AuthenticateAsync(options.User, options.Password ?? "", cancellationToken);
        }

        await client.SendAsync(message, cancellationToken);
        await client.DisconnectAsync(quit: true, cancellationToken);
    }

    internal static MimeMessage Message(Mail mail, MailboxAddress from)
    {
        var message = new MimeMessage { Subject = mail.Subject };
        message.From.Add(from);
        message.To.Add(MailboxAddress.Parse(mail.To));
        if (mail.Name is not null)
        {
            message.MessageId = $"{mail.Name}@{from.Domain}";
        }

        if (mail.StopUrl is not null)
        {
            message.Headers.Add(HeaderId.ListUnsubscribe, $"<{mail.StopUrl}>");
            message.Headers.Add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");

            // Programs that answer mails for people who are away leave it alone.
            message.Headers.Add("Auto-Submitted", "auto-generated");
        }

        var text = new TextPart("plain") { Text = mail.Text };
        message.Body = mail.Html is null ? text : new MultipartAlternative(text, new TextPart("html") { Text = mail.Html });
        return message;
    }

    private SecureSocketOptions Security => options.Security switch
    {
        MailSecurity.None => SecureSocketOptions.None,
        MailSecurity.StartTls => SecureSocketOptions.StartTls,
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        _ => SecureSocketOptions.Auto,
    };
}
