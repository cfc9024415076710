using System.Globalization;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Web.Addresses;
using Spoo.Web.Words;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Mail.Reports;

/// <summary>Writes reports: asks what the dashboard asks, about the days that the report is about, and puts it into a mail.</summary>
internal sealed class ReportLetters(
    StatsService stats, StatsQueryParser parser, SavedViews views, ShorteningOptions links, MailStops stops)
{
    private const int RowsOfList = 5;

    /// <summary>The report that was due at a moment, in the language of its reader.</summary>
    /// <param name="baseUrl">Where this server is, with a slash at its end; the settings, if they say it, know better.</param>
    /// <returns>Null: the view that it is of is gone.</returns>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    /// <exception cref="ReportBusyException">Too much is being counted; later it can be.</exception>
    public async Task<ReportLetter?> WriteAsync(SpooUser user, MailReport report, DateTimeOffset due, string baseUrl, CancellationToken cancellationToken)
    {
        var zone = ZoneOf(user);
        var view = report.ViewId is { } id ? (await views.ListAsync(user.Id, "/" + SpooUrls.AccountDashboard, cancellationToken)).FirstOrDefault(known => known.Id == id) : null;
        if (view is null && report.ViewId is not null)
        {
            return null;
        }

        // Only path and query are looked at; the host is anybody's.
        var url = new Uri("http://localhost" + (view?.Url ?? "/" + SpooUrls.AccountDashboard));
        if (!DashboardAddress.TryParse(parser, url, zone, out var address, out _, viewerPeopleOnly: user.PeopleOnly))
        {
            return null;
        }

        var (first, last) = ReportSchedule.DaysOf(report.Rhythm, due, zone);
        address = address.Closed.Over(first, last).ComparedWith(Comparison.By(ComparisonWay.Period));
        var outcome = await stats.AskAsync(
            address.Query with { GroupBy = [Dimension.Time, .. Lists(address)], Limit = RowsOfList }, Viewer.User(user.Id), cancellationToken);
        return outcome switch
        {
            StatsOutcome.Found(var found) => new ReportLetter(
                view?.Name ?? T("All your links"),
                address,
                found,
                Absolute(address.Url),
                Absolute(SpooUrls.Settings + "#" + SpooUrls.ReportsSection),
                Absolute(stops.PathOfReport(report.Id))),
            StatsOutcome.Refused({ Kind: Data.RefusalKind.Busy }) => throw new ReportBusyException(),
            _ => null,
        };

        string Absolute(string path) => SpooUrls.Absolute(baseUrl, links, path);
    }

    /// <summary>The letter as a mail.</summary>
    public static Mail MailOf(ReportLetter letter, SpooUser user, MailReport report, DateTimeOffset due) => new(
        user.Email!,
        T("{0}: {1}, {2}", letter.Title, Numbers.Clicks(letter.Report.Summary.TotalClicks), DateFormats.Of(letter.Report.Range)),
        ReportText.Of(letter))
    {
        Html = ReportPage.Of(letter),
        StopUrl = MailStops.AtOnce(letter.StopUrl),
        Name = string.Create(CultureInfo.InvariantCulture, $"report-{report.Id}-{due.ToUnixTimeSeconds()}"),
    };

    /// <summary>The zone by whose clock an account's reports come. Who has not chosen one has that of their browser, which does not ask here.</summary>
    public static TimeZoneInfo ZoneOf(SpooUser user) => TimeZones.Resolve(user.TimeZone);

    /// <summary>Has what follows speak an account's language.</summary>
    public static void Speak(SpooUser user) =>
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(user.Language ?? Languages[0].Name);

    /// <summary>What a report lists, in this order.</summary>
    public static IReadOnlyList<Dimension> Lists(DashboardAddress address) =>
        [.. address.Link is null ? new[] { Dimension.ShortCode } : [], Dimension.Referrer, Dimension.Country, Dimension.Device];
}

/// <summary>Too much is being counted for a report to be written now.</summary>
internal sealed class ReportBusyException() : Exception("too much is being counted; the report is written later");
