namespace Spoo.Data.Alerts;

/// <summary>What a rule finds, before it is known whether that has been told already.</summary>
/// <param name="Key">What makes it the same when it is found again.</param>
/// <param name="At">When it happened.</param>
public sealed record AlertFinding(AlertKind Kind, string Key, DateTimeOffset At)
{
    /// <summary>The public id of the link that it is about. Null: it is not about one.</summary>
    public string? LinkId { get; init; }

    /// <inheritdoc cref="Alert.Subject"/>
    public string? Subject { get; init; }

    /// <inheritdoc cref="Alert.Value"/>
    public long Value { get; init; }

    /// <inheritdoc cref="Alert.Usual"/>
    public long? Usual { get; init; }

    /// <inheritdoc cref="Alert.Detail"/>
    public string? Detail { get; init; }

    /// <summary>What it says, as a sentence.</summary>
    public Message Message => AlertMessages.Of(Kind, Subject, Value, Usual, Detail);
}

/// <summary>What alerts say, for mails, pages, webhooks and programs.</summary>
public static class AlertMessages
{
    public static Message Of(Alert alert) => Of(alert.Kind, alert.Subject, alert.Value, alert.Usual, alert.Detail);

    internal static Message Of(AlertKind kind, string? subject, long value, long? usual, string? detail) => kind switch
    {
        AlertKind.Spike => new Message("Clicks within an hour: {0:N0}; usual in this hour of the week: {1:N0}", value, usual),
        AlertKind.Bots => new Message("Visits by bots within an hour: {0:N0}; usual in this hour of the week: {1:N0}", value, usual),
        AlertKind.Silence => new Message("Hours without a click: {0:N0}; clicks that are usual in such a time: {1:N0}", value, usual),
        AlertKind.LinkEnding => new Message("The link {0} ends soon; hours that are left: {1:N0}", subject, value),
        AlertKind.LinkLimit => new Message("The link {0} has had {1:N0} of the {2:N0} clicks that it may have", subject, value, usual),
        AlertKind.Quota => subject == AlertQuotas.Links
            ? new Message("Of the {1:N0} links that your account may have, there are {0:N0}", value, usual)
            : new Message("Of the {1:N0} clicks that your account may have this month, it has had {0:N0}", value, usual),
        AlertKind.DomainFailing => new Message("The domain {0} does not lead here any more; checks in a row that failed: {1:N0} ({2})", subject, value, detail),
        _ => new Message("The destination of {0} does not answer as it should; checks in a row that failed: {1:N0} ({2})", subject, value, detail),
    };
}

/// <summary>Kinds of quotas that can be nearly used, as alerts call them.</summary>
internal static class AlertQuotas
{
    public const string Links = "links";
    public const string ClicksAMonth = "clicks_a_month";
}
