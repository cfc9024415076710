using Spoo.Data;
using Spoo.Data.Webhooks;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Words;

/// <summary>What people read about webhooks.</summary>
internal static class WebhookTexts
{
    private const string Answers = "it answers ";

    public static string Of(WebhookEndpoint endpoint) => (endpoint.Status, endpoint.DisabledReason) switch
    {
        (WebhookStatus.Active, _) => T("On"),
        (WebhookStatus.Paused, _) => T("Paused"),
        (_, WebhookEndpoint.GoneReason) => T("Switched off: it answered that it is gone"),
        (_, WebhookEndpoint.SecretUnreadableReason) => T("Switched off: its secret cannot be read any more"),
        _ => T("Switched off: nothing arrived {0} times in a row", WebhookQueue.MostFailures),
    };

    public static string Of(WebhookFlavor flavor) => flavor switch
    {
        WebhookFlavor.Discord => T("A line for a channel of Discord"),
        WebhookFlavor.Slack => T("A line for a channel of Slack"),
        _ => T("JSON, for programs"),
    };

    public static string Of(WebhookDeliveryStatus status) => status switch
    {
        WebhookDeliveryStatus.Pending => T("Waiting"),
        WebhookDeliveryStatus.Success => T("Arrived"),
        _ => T("Failed delivery"),
    };

    public static string OfEvent(string type) => type switch
    {
        WebhookEvents.LinkCreated => T("A link was made"),
        WebhookEvents.LinkUpdated => T("A link was changed"),
        WebhookEvents.LinkDeleted => T("A link was deleted"),
        WebhookEvents.LinkClicked => T("A link was clicked, each click by itself"),
        WebhookEvents.LinkExpired => T("A link has ended, by its clicks or by the clock"),
        WebhookEvents.LinkBlocked => T("The operator has blocked a link"),
        WebhookEvents.ClicksCreated => T("Links were clicked, up to a hundred clicks together"),
        WebhookEvents.AlertRaised => T("A rule for alerts has found something"),
        WebhookEvents.ReportSent => T("A report has gone out by mail"),
        _ => T("A test"),
    };

    /// <summary>Why something has not arrived.</summary>
    public static string OfError(string error) => error switch
    {
        "its host has no address in the public internet" => T("its host has no address in the public internet"),
        "its certificate is not accepted" => T("its certificate is not accepted"),
        "its host is not known" => T("its host is not known"),
        "it redirects again and again" => T("it redirects again and again"),
        "it takes no connection" => T("it takes no connection"),
        "the connection failed" => T("the connection failed"),
        "it answers with another address, and redirects are not followed" => T("it answers with another address, and redirects are not followed"),
        _ when error.StartsWith(Answers, StringComparison.Ordinal) => T("it answers {0}", error[Answers.Length..]),
        _ when error.StartsWith("no answer within", StringComparison.Ordinal) => T("there was no answer in time"),
        _ => error,
    };

    public static string Of(Refusal no) => no switch
    {
        { Code: "limit_reached" } => T("You have as many webhooks as an account may have here."),
        { Code: "EMAIL_NOT_VERIFIED" } => T("Verify your e-mail address first."),
        { Code: "feature_disabled" } => T("The operator of this service has switched webhooks off."),
        { Kind: RefusalKind.Conflict } => T("The secret cannot be read any more, because the server has lost the keys that seal it. Make a new one."),
        { Fields: [{ Field: "url" }] } => T("Enter an address of the public internet that begins with https:// and has no name or password in it."),
        { Fields: [{ Field: "events" }] } => T("Choose at least one kind of event."),
        _ => T(no.Message),
    };
}
