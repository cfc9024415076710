using System.Threading.Channels;
using Spoo.Data;

namespace Spoo.Web.Mail;

/// <summary>A mail that is written when its turn has come. Null: there is nothing to say to anybody.</summary>
internal delegate Task<Mail?> MailDraft(IServiceProvider services, CancellationToken cancellationToken);

/// <summary>
/// Sends mails behind the backs of those who cause them: no request waits for a mail server, and no caller can tell by waiting whether an
/// address has an account.
/// </summary>
internal sealed partial class MailQueue(IMailer mailer, IServiceScopeFactory scopes, TimeProvider clock, ILogger<MailQueue> logger) : Rounds(clock, logger)
{
    private const int Attempts = 3;

    /// <summary>So many mails may wait. A link that did not arrive can be asked for again, so more are refused.</summary>
    private const int Waiting = 1_000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(20);

    private readonly ILogger _logger = logger;
    private readonly Channel<MailDraft> _mails = Channel.CreateBounded<MailDraft>(Waiting);

    /// <summary>Whether mails reach their readers.</summary>
    public bool Delivers => mailer.Delivers;

    public void Post(Mail mail) => Post((_, _) => Task.FromResult<Mail?>(mail));

    /// <summary>Posts what is still to be written, so that not even looking an address up takes the person who asked any time.</summary>
    /// <param name="write">Writes it with services of its own. Null: there is nothing to send.</param>
    public void Post(MailDraft write)
    {
        if (mailer.Delivers && !_mails.Writer.TryWrite(write))
        {
            TooMany();
        }
    }

    protected override TimeSpan FirstPause => TimeSpan.Zero;

    protected override async Task<TimeSpan> RoundAsync(CancellationToken cancellationToken)
    {
        await SendAsync(await _mails.Reader.ReadAsync(cancellationToken), cancellationToken);
        return TimeSpan.Zero;
    }

    private async Task SendAsync(MailDraft write, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                if (await write(scope.ServiceProvider, cancellationToken) is { } mail)
                {
                    await mailer.SendAsync(mail, cancellationToken);
                }

                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                if (attempt == Attempts)
                {
                    NotSent(exception, Attempts);
                    return;
                }

                await Task.Delay(Pause, Clock, cancellationToken);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "A mail could not be sent in {Attempts} attempts and is given up.")]
    private partial void NotSent(Exception exception, int attempts);

    [LoggerMessage(LogLevel.Error, "Too many mails are waiting for the mail server; one was given up.")]
    private partial void TooMany();
}
