using System.Globalization;
using Spoo.Data.Links;
using Spoo.Data.Links.Destinations;
using Spoo.Web.Words;
using static Spoo.Web.Words.Plurals;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Components.Report.Charts;

/// <summary>What was changed about a link, as flags on its chart: fields that were changed together share one.</summary>
internal static class ChangeFlags
{
    /// <summary>A destination may be longer than a chart is wide.</summary>
    private const int MaxText = 60;

    public static IReadOnlyList<ChartFlag> Of(IEnumerable<LinkChange> changes, TimeZoneInfo zone) =>
        [.. changes.GroupBy(change => change.At).Select(together => new ChartFlag(together.Key, string.Join("; ", together.Select(change => Say(change, zone)))))];

    private static string Say(LinkChange change, TimeZoneInfo zone) => (change.Field, change.After) switch
    {
        (LinkField.Alias, var alias) => T("Alias: {0}, before {1}", alias, change.Before),
        (LinkField.Destination, var url) => T("Destination: {0}", Cut(url)),
        (LinkField.Status, "INACTIVE") => T("Switched off"),
        (LinkField.Status, "ACTIVE") => T("Switched on"),
        (LinkField.Status, var status) => T("Status: {0}", status),
        (LinkField.Password, null) => T("Password removed"),
        (LinkField.Password, _) => T("Password set"),
        (LinkField.MaxClicks, null) => T("Limit of clicks removed"),
        (LinkField.MaxClicks, var limit) => N(long.Parse(limit, CultureInfo.InvariantCulture), "Ends after {0} click", "Ends after {0} clicks"),
        (LinkField.Expiry, null) => T("Expiry removed"),
        (LinkField.Expiry, var end) => T("Expires on {0}", DateTimeOffset.TryParse(end, CultureInfo.InvariantCulture, out var at)
            ? DateFormats.Day(TimeZoneInfo.ConvertTime(at, zone)) : end),
        (LinkField.BlockBots, var flag) => flag == "true" ? T("Bots blocked") : T("Bots let through"),
        (LinkField.PassPath, var flag) => flag == "true" ? T("Path forwarded") : T("Path no longer forwarded"),
        (LinkField.RedirectStatus, var status) => T("Redirect status: {0}", status),
        (LinkField.Rules, null) => T("Rules removed"),
        (LinkField.Rules, var rules) => T("Rules: {0}", Cut(rules)),
        (LinkField.Preview, null) => T("Card removed"),
        (LinkField.Preview, var title) => T("Card: {0}", Cut(title)),
        (LinkField.ExpiredUrl, null) => T("After its end: told so"),
        (LinkField.ExpiredUrl, var url) => T("After its end: {0}", Cut(url)),
        (LinkField.Domain, var host) => host is null ? T("Moved to the server's own domain") : T("Moved to {0}", host),
        (LinkField.StartsAt, null) => T("Start removed"),
        (LinkField.StartsAt, var start) => T("Begins on {0}", DateTimeOffset.TryParse(start, CultureInfo.InvariantCulture, out var at)
            ? DateFormats.Day(TimeZoneInfo.ConvertTime(at, zone)) : start),
        (LinkField.PreStartUrl, null) => T("Before its start: told so"),
        (LinkField.PreStartUrl, var url) => T("Before its start: {0}", Cut(url)),
        (LinkField.Archived, var flag) => flag == "true" ? T("Archived") : T("Out of the archive"),
        (LinkField.PassQuery, var flag) => flag == "true" ? T("Query parameters forwarded") : T("Query parameters no longer forwarded"),
        _ => change.Field.ToString(),
    };

    private static string Cut(string? text) => text?.Length > MaxText ? string.Concat(text.AsSpan(0, MaxText), "…") : text ?? "";
}
