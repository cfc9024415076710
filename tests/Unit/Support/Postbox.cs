using Spoo.Web.Mail;

namespace Spoo.Tests.Support;

/// <summary>Takes mails and keeps them.</summary>
internal sealed class Postbox : IMailer
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<Mail> _mails = [];

    public bool Delivers => true;

    public IReadOnlyCollection<Mail> Mails => _mails;

    public Task SendAsync(Mail mail, CancellationToken cancellationToken)
    {
        _mails.Enqueue(mail);
        return Task.CompletedTask;
    }

    /// <summary>The mail to this address, as soon as it has come.</summary>
    public async Task<Mail> MailAsync(string to)
    {
        await Eventually.TrueAsync(() => _mails.Any(mail => mail.To == to));
        return _mails.First(mail => mail.To == to);
    }

    /// <summary>Path and query of the link in it.</summary>
    public async Task<string> LinkAsync(string to) =>
        new Uri((await MailAsync(to)).Text.Split('\n').Single(line => line.StartsWith("http", StringComparison.Ordinal))).PathAndQuery;
}
