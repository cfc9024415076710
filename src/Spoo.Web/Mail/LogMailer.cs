namespace Spoo.Web.Mail;

/// <summary>Without a mail server the operator's log is where links for people go.</summary>
internal sealed partial class LogMailer(ILogger<LogMailer> logger) : IMailer
{
    public bool Delivers => false;

    public Task SendAsync(Mail mail, CancellationToken cancellationToken)
    {
        Written(mail.To, mail.Subject, mail.Text);
        return Task.CompletedTask;
    }

    [LoggerMessage(LogLevel.Warning, "No mail server is set (Mail:Host), so this mail for {To} stands only here. {Subject}: {Text}")]
    private partial void Written(string to, string subject, string text);
}
