using Spoo.Data;

namespace Spoo.Web.Mail;

/// <summary>
/// Sends mails that are due. A node takes one for itself before it writes it, so that of several only one sends it; one that ends meanwhile is
/// followed by another when the time of its lease is over, and the mail's name makes two copies one.
/// </summary>
/// <typeparam name="TDue">By what a mail is taken.</typeparam>
/// <typeparam name="TMail">What there is to send.</typeparam>
internal abstract class DueMailRounds<TDue, TMail>(IMailer mailer, TimeSpan pause, TimeProvider clock, ILogger logger) : Rounds(clock, logger)
    where TMail : class
{
    /// <summary>So long a node may take for one, and so long another waits before it tries again what failed.</summary>
    protected static readonly TimeSpan HeldFor = TimeSpan.FromMinutes(15);

    private const int MostAtOnce = 50;

    /// <summary>Between two looks where no mail server is named in the settings, which do not change while the program runs.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromHours(1);

    protected override TimeSpan FirstPause => pause;

    protected sealed override async Task<TimeSpan> RoundAsync(CancellationToken cancellationToken) =>
        !mailer.Delivers ? Idle
        : await SendDueAsync(cancellationToken) == MostAtOnce ? TimeSpan.Zero
        : pause;

    /// <summary>Sends what is due and not another node's.</summary>
    /// <returns>How many were due.</returns>
    /// <exception cref="AggregateException">Some could not be written or sent; they are tried again later.</exception>
    internal async Task<int> SendDueAsync(CancellationToken cancellationToken)
    {
        var all = await DueAsync(MostAtOnce, cancellationToken);
        var failures = new List<Exception>();
        foreach (var due in all)
        {
            if (await TakeAsync(due, cancellationToken) is { } mail)
            {
                try
                {
                    await SendAsync(mail, cancellationToken);
                }
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
                {
                    // One mail that cannot be written or sent does not keep the others waiting.
                    failures.Add(exception);
                }
            }
        }

        return failures.Count > 0 ? throw new AggregateException("mails could not be sent", failures) : all.Count;
    }

    protected abstract Task<IReadOnlyList<TDue>> DueAsync(int most, CancellationToken cancellationToken);

    /// <summary>Null: another node has it, or it is not due any more.</summary>
    protected abstract Task<TMail?> TakeAsync(TDue due, CancellationToken cancellationToken);

    protected abstract Task SendAsync(TMail mail, CancellationToken cancellationToken);
}
