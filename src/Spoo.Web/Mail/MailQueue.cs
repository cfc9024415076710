using System.Threading.Channels;

namespace Spoo.Web.Mail;

/// <summary>
/// Sends mails behind the backs of those who cause them: no request waits for a mail server, and no caller can tell by waiting whether an
/// address has an account.
/// </summary>
internal sealed partial class MailQueue(IMailer mailer, TimeProvider clock, ILogger<MailQueue> logger) : BackgroundService
{
    private const int Attempts = 3;

    /// <summary>So many mails may wait. A link that did not arrive can be asked for again, so more are refused.</summary>
    private const int Waiting = 1_000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(20);

    private readonly Channel<Mail> _mails = Channel.CreateBounded<Mail>(Waiting);

    /// <summary>Whether mails reach their readers, and not only the operator's log.</summary>
    public bool Delivers => mailer.Delivers;

    public void Post(Mail mail)
    {
        if (!_mails.Writer.TryWrite(mail))
        {
            TooMany();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var mail in _mails.Reader.ReadAllAsync(stoppingToken))
        {
            await SendAsync(mail, stoppingToken);
        }
    }

    private async Task SendAsync(Mail mail, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await mailer.SendAsync(mail, cancellationToken);
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                if (attempt == Attempts)
                {
                    NotSent(exception, Attempts);
                    return;
                }

                await Task.Delay(Pause, clock, cancellationToken);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "A mail could not be sent in {Attempts} attempts and is given up.")]
    private partial void NotSent(Exception exception, int attempts);

    [LoggerMessage(LogLevel.Error, "Too many mails are waiting for the mail server; one was given up.")]
    private partial void TooMany();
}
