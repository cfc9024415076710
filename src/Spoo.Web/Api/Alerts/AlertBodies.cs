using System.ComponentModel;
using Spoo.Data.Alerts;
using Spoo.Data.Links;
using Spoo.Data.Links.Domains;

namespace Spoo.Web.Api.Alerts;

/// <summary>Fields of bodies about rules.</summary>
internal static class AlertFields
{
    private const int MaxLinkIdLength = 64;

    private static readonly string[] Fixed = ["kind", "link_id", "tag", "domain"];

    public static IReadOnlyDictionary<string, AlertKind> Kinds { get; } = AlertKindFacts.All.ToDictionary(known => known.Name, known => known.Kind);

    /// <summary>A rule that is to be made or tried. Null: something is wrong with the fields.</summary>
    public static AlertRuleDraft? Draft(JsonFields fields, bool delivers)
    {
        if (!fields.Has("kind"))
        {
            fields.Refuse("kind", "Field required");
        }

        var kind = fields.Choice("kind", Kinds);
        var (threshold, minimum) = Numbers(fields);
        var draft = new AlertRuleDraft
        {
            Kind = kind ?? AlertKind.Spike,
            LinkId = fields.Text("link_id", MaxLinkIdLength, minLength: 1),
            Tag = fields.Text("tag", LinkTag.MaxLength, minLength: 1),
            DomainHost = fields.Text("domain", Domain.MaxHostLength, minLength: 1),
            Threshold = threshold,
            Minimum = minimum,
            ByMail = fields.Flag("mail") ?? delivers,
            ByWebhook = fields.Flag("webhook") ?? true,
        };
        RefuseMail(fields, delivers);
        fields.RefuseOthers();
        return fields.Refusal is null ? draft : null;
    }

    public static AlertRuleEdit? Edit(JsonFields fields, bool delivers)
    {
        foreach (var fixedField in Fixed.Where(fields.Has))
        {
            fields.Refuse(fixedField, "What a rule is about stays as it is; delete it and make another");
        }

        var (threshold, minimum) = Numbers(fields);
        var edit = new AlertRuleEdit { Threshold = threshold, Minimum = minimum, ByMail = fields.Flag("mail"), ByWebhook = fields.Flag("webhook") };
        RefuseMail(fields, delivers);
        fields.RefuseOthers();
        return fields.Refusal is null ? edit : null;
    }

    private static (int? Threshold, int? Minimum) Numbers(JsonFields fields) => ((int?)fields.Whole("threshold", 1, int.MaxValue), (int?)fields.Whole("minimum", 1, int.MaxValue));

    private static void RefuseMail(JsonFields fields, bool delivers)
    {
        if (!delivers && fields.Flag("mail") == true)
        {
            fields.Refuse(Spoo.Data.Refusal.NotOffered("mail", "not available on this server: it sends no mail"));
        }
    }
}

// The fields of bodies, for the API's reference: JsonFields reads them one by one.

internal sealed record NewAlertRuleBody(
    [property: Description("spike, silence, bots, link_ending, link_limit, quota, domain_failing or broken_destination.")] string Kind,
    [property: Description("The id of the link that it is about. Of link_id, tag and domain one at most; none: the whole account.")] string? LinkId = null,
    [property: Description("It is about the links with this tag.")] string? Tag = null,
    [property: Description("It is about the links on this host; for domain_failing, about the domain itself.")] string? Domain = null,
    [property: Description("From when on: times as many clicks as usual (spike, bots: 2 to 100, default 3), hours without a click (silence: 1 to 168, default 24), hours before the end (link_ending: 1 to 720, default 72), percent (link_limit, default 90; quota, default 80: 50 to 99), or failed checks in a row (domain_failing, broken_destination: 1 to 10, default 3).")] int? Threshold = null,
    [property: Description("With fewer clicks nothing is said: within the hour (spike, default 20; bots, default 100), or usual in such a time (silence, default 10). Other kinds have none.")] int? Minimum = null,
    [property: Description("Whether the owner is told by mail. Default: true, where this server sends mail.")] bool? Mail = null,
    [property: Description("Whether webhooks that hear alert.raised are told. Default: true.")] bool? Webhook = null);

internal sealed record AlertRuleBody(
    [property: Description("As when it was made.")] int? Threshold = null,
    [property: Description("As when it was made.")] int? Minimum = null,
    [property: Description("As when it was made.")] bool? Mail = null,
    [property: Description("As when it was made.")] bool? Webhook = null);

internal sealed record AlertRuleList(IReadOnlyList<AlertRuleItem> Rules);

/// <summary>A rule. Times are Unix seconds.</summary>
/// <param name="LinkId">Null: it is not about one link.</param>
/// <param name="Tag">Null: it is not about the links with a tag.</param>
/// <param name="Domain">Null: it is not about a domain.</param>
/// <param name="Threshold">In the unit of its kind.</param>
/// <param name="Minimum">Null: the kind has none.</param>
internal sealed record AlertRuleItem(string Id, string Kind, string? LinkId, string? Tag, string? Domain, int Threshold, int? Minimum, bool Mail, bool Webhook, long CreatedAt)
{
    public static AlertRuleItem Of(AlertRule rule) => new(
        rule.Id,
        AlertKindFacts.Of(rule.Kind).Name,
        rule.LinkId,
        rule.Tag,
        rule.DomainHost,
        rule.Threshold,
        AlertKindFacts.Of(rule.Kind).Minimum is null ? null : rule.Minimum,
        rule.ByMail,
        rule.ByWebhook,
        rule.CreatedAt.ToUnixTimeSeconds());
}

/// <summary>What a rule would have told of in the last 30 days.</summary>
internal sealed record TriedAlertRule(IReadOnlyList<TriedAlert> Alerts)
{
    public static TriedAlertRule Of(IReadOnlyList<AlertFinding> findings) =>
        new([.. findings.Select(finding => new TriedAlert(finding.At.ToUnixTimeSeconds(), finding.Value, finding.Usual, finding.Message.ToString()))]);
}

/// <param name="At">When the hour was over in which it was found, in Unix seconds.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Usual">What would have been usual.</param>
/// <param name="Message">What would have been said.</param>
internal sealed record TriedAlert(long At, long Value, long? Usual, string Message);

/// <param name="Total">On all pages.</param>
/// <param name="Unseen">Of all alerts of the account.</param>
internal sealed record AlertList(IReadOnlyList<AlertItem> Alerts, int Total, int Unseen, int Page, int PageSize);

/// <summary>Something that a rule has found. Times are Unix seconds.</summary>
/// <param name="Subject">The link, tag, domain or kind of quota that it is about. Null: the whole account.</param>
/// <param name="LinkId">Null: it is not about one link.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Usual">What would have been usual, or what there may be at most. Null: there is no such number.</param>
/// <param name="Detail">Why a check failed. Null: it is not about a check.</param>
/// <param name="Message">The same as a sentence.</param>
/// <param name="SeenAt">Null: not yet.</param>
/// <param name="MailedAt">Null: no mail was sent.</param>
internal sealed record AlertItem(
    string Id, string RuleId, string Kind, string? Subject, string? LinkId, long Value, long? Usual, string? Detail, string Message, long At, long? SeenAt, long? MailedAt)
{
    public static AlertItem Of(Alert alert) => new(
        alert.Id,
        alert.RuleId,
        AlertKindFacts.Of(alert.Kind).Name,
        alert.Subject,
        alert.LinkId,
        alert.Value,
        alert.Usual,
        alert.Detail,
        AlertMessages.Of(alert).ToString(),
        alert.At.ToUnixTimeSeconds(),
        alert.SeenAt?.ToUnixTimeSeconds(),
        alert.MailedAt?.ToUnixTimeSeconds());
}
