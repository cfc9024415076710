namespace Spoo.Web.Mail;

/// <summary>A mail in plain text, and for programs that show more than that, as a page.</summary>
internal sealed record Mail(string To, string Subject, string Text)
{
    /// <summary>The same as a page. Null: there is only text.</summary>
    public string? Html { get; init; }

    /// <summary>Where a program that is told to may end mails like this one by a POST, and where a person may (RFC 8058). Null: it is no mail that comes again.</summary>
    public string? StopUrl { get; init; }

    /// <summary>What makes two copies of this mail one: the same whenever it is sent again. Null: it is only sent once.</summary>
    public string? Name { get; init; }
}

/// <summary>Whatever delivers mails.</summary>
internal interface IMailer
{
    /// <summary>Whether mails reach their readers.</summary>
    bool Delivers { get; }

    Task SendAsync(Mail mail, CancellationToken cancellationToken);
}
