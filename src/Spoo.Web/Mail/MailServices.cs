using Microsoft.Extensions.Options;
using Spoo.Data.Links;
using Spoo.Web.Mail.Alerts;
using Spoo.Web.Mail.Reports;

namespace Spoo.Web.Mail;

internal static class MailServices
{
    public static void AddSpooMail(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<MailOptions>()
            .BindConfiguration(MailOptions.Section)
            .ValidateDataAnnotations()
            .Validate(
                options => options.Host is null || MimeKit.MailboxAddress.TryParse(options.From, out _),
                "Mail:From is required with Mail:Host, and is an address such as Spoo <spoo@example.com>")
            .Validate<ShorteningOptions>(
                // Otherwise a request that lies about its host would decide where the links in mails lead.
                (options, links) => options.Host is null || links.PublicUrl is not null,
                "Links:PublicUrl is required with Mail:Host, because links in mails begin with it")
            .ValidateOnStart();
        services.AddSingleton<IMailer>(provider => provider.GetRequiredService<IOptions<MailOptions>>().Value is { Host: not null } options
            ? new SmtpMailer(options)
            : new NoMailer());
        services.AddSingleton<MailQueue>();
        services.AddHostedService(provider => provider.GetRequiredService<MailQueue>());
        services.AddScoped<AccountMails>();
        services.AddHostedService<SecurityMails>();
        services.AddSingleton<MailStops>();
        services.AddSingleton<ReportLetters>();
        services.AddHostedService<ReportRounds>();
        services.AddHostedService<AlertMailRounds>();
    }
}
