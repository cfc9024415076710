using Spoo.Data.Stats.Report;
using Spoo.Web.Addresses;

namespace Spoo.Web.Mail.Reports;

/// <summary>What a report by mail says, before it is text or a page.</summary>
/// <param name="Title">What the numbers are of.</param>
/// <param name="Address">The dashboard that shows exactly these numbers.</param>
/// <param name="DashboardUrl">The same, absolute.</param>
/// <param name="SettingsUrl">Where reports are chosen, absolute.</param>
/// <param name="StopUrl">Where this report is ended without signing in, absolute.</param>
internal sealed record ReportLetter(
    string Title, DashboardAddress Address, StatsReport Report, string DashboardUrl, string SettingsUrl, string StopUrl);
