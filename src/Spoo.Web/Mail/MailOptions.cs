using System.ComponentModel.DataAnnotations;

namespace Spoo.Web.Mail;

/// <summary>How the connection to the mail server is kept private.</summary>
public enum MailSecurity
{
    /// <summary>As the port and the server suggest: TLS where it is offered.</summary>
    Auto,

    /// <summary>Not at all; for a server on the same machine.</summary>
    None,

    /// <summary>Plain at first, and then TLS or nothing.</summary>
    StartTls,

    /// <summary>TLS from the first byte.</summary>
    Tls,
}

/// <summary>Settings of the section <c>Mail</c>: the SMTP server that takes our mails.</summary>
public sealed class MailOptions
{
    public const string Section = "Mail";

    /// <summary>Null, the default: there is none, nothing is sent, and the operator has commands instead.</summary>
    public string? Host { get; set; }

    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    public MailSecurity Security { get; set; }

    /// <summary>Null: the server asks for no name.</summary>
    public string? User { get; set; }

    public string? Password { get; set; }

    /// <summary>Whom mails come from, such as <c>Spoo &lt;spoo@example.com&gt;</c>.</summary>
    public string? From { get; set; }
}
