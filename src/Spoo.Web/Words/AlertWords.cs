using Spoo.Data;
using Spoo.Data.Alerts;
using static Spoo.Web.Words.Plurals;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Words;

/// <summary>What people read about alerts and the rules that raise them.</summary>
internal static class AlertWords
{
    /// <summary>What has happened.</summary>
    public static string Of(AlertKind kind) => kind switch
    {
        AlertKind.Spike => T("A spike of clicks"),
        AlertKind.Silence => T("No clicks"),
        AlertKind.Bots => T("A burst of bots"),
        AlertKind.LinkEnding => T("A link is about to end"),
        AlertKind.LinkLimit => T("A link is near its limit of clicks"),
        AlertKind.Quota => T("A quota is nearly used"),
        AlertKind.DomainFailing => T("A domain fails its check"),
        _ => T("A destination does not answer"),
    };

    /// <summary>What a rule's number means, as the label of its field.</summary>
    public static string ThresholdOf(AlertKind kind) => kind switch
    {
        AlertKind.Spike or AlertKind.Bots => T("Times as many as usual in this hour of the week"),
        AlertKind.Silence => T("Hours without a click"),
        AlertKind.LinkEnding => T("Hours before it ends"),
        AlertKind.LinkLimit => T("Percent of the clicks that it may have"),
        AlertKind.Quota => T("Percent of what you may have"),
        _ => T("Failed checks in a row"),
    };

    /// <summary>What the least number of clicks means, as the label of its field.</summary>
    public static string MinimumOf(AlertKind kind) => kind switch
    {
        AlertKind.Silence => T("Only where so many clicks are usual in that time"),
        AlertKind.Bots => T("Only from so many visits by bots an hour"),
        _ => T("Only from so many clicks an hour"),
    };

    /// <summary>When a rule says something, in a sentence.</summary>
    public static string Of(AlertRule rule) => rule.Kind switch
    {
        AlertKind.Spike => N(
            rule.Minimum,
            "At {1} times what is usual in the hour of the week, from {0} click an hour",
            "At {1} times what is usual in the hour of the week, from {0} clicks an hour",
            rule.Threshold),
        AlertKind.Bots => N(
            rule.Minimum,
            "At {1} times what is usual in the hour of the week, from {0} visit an hour",
            "At {1} times what is usual in the hour of the week, from {0} visits an hour",
            rule.Threshold),
        AlertKind.Silence => N(
            rule.Threshold,
            "After {0} hour, where {1:N0} or more clicks are usual in such a time",
            "After {0} hours, where {1:N0} or more clicks are usual in such a time",
            rule.Minimum),
        AlertKind.LinkEnding => N(rule.Threshold, "{0} hour before", "{0} hours before"),
        AlertKind.LinkLimit => T("At {0} percent of the clicks that it may have", rule.Threshold),
        AlertKind.Quota => T("At {0} percent of what you may have", rule.Threshold),
        _ => T("After {0} failed checks in a row", rule.Threshold),
    };

    /// <summary>What a rule is about.</summary>
    /// <param name="links">Names of links by their public ids.</param>
    public static string WatchedBy(AlertRule rule, IReadOnlyDictionary<string, string> links) =>
        rule.LinkId is { } id ? T("The link {0}", links.GetValueOrDefault(id, id))
        : rule.Tag is { } tag ? T("Links with the tag {0}", tag)
        : rule.DomainHost is { } host ? T("The domain {0}", host)
        : rule.Kind switch
        {
            AlertKind.Quota => T("Your account"),
            AlertKind.DomainFailing => T("All your domains"),
            _ => T("All your links"),
        };

    /// <summary>What an alert says; of a check, why it failed is in the reader's language as well.</summary>
    public static string Of(Alert alert) => Of(alert.Kind, AlertMessages.Of(alert));

    public static string Of(AlertFinding finding) => Of(finding.Kind, finding.Message);

    public static string Of(Refusal no) => no switch
    {
        { Code: "limit_reached" } => T("You have as many rules as an account may have."),
        { Code: "feature_disabled" } => T("The operator of this service has not switched the checks of destinations on."),
        { Kind: RefusalKind.Busy } => CountingWords.Of(no),
        { Fields: [{ Field: "link_id" }] } => T("Choose one of your links."),
        { Fields: [{ Field: "domain" }] } => T("Choose one of your domains."),
        { Fields: [{ Field: "threshold" }] } => T("This number is too small or too large."),
        { Fields: [{ Field: "minimum" }] } => T("Enter a number from {0:N0} to {1:N0}.", AlertKindFacts.LeastMinimum, AlertKindFacts.MostMinimum),
        { Fields: [{ Field: "tag" }] } => T("Enter a tag of 1 to {0} characters without a comma.", Data.Links.LinkTag.MaxLength),
        _ => T(no.Message),
    };

    private static string Of(AlertKind kind, Message message) =>
        kind is AlertKind.BrokenDestination or AlertKind.DomainFailing && message.Values is [.., string detail]
            ? T(message with { Values = [.. message.Values[..^1], WebhookTexts.OfError(detail)] })
            : T(message);
}
