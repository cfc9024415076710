using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Domains;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Web.Words;

namespace Spoo.Web.Addresses;

/// <summary>Every address of our own that a page prints. They hang on the base of the page, and not on the root of the host, so that they hold below any path.</summary>
internal static class SpooUrls
{
    public const string Home = "./";
    public const string AccountDashboard = "dashboard";
    public const string Links = "links";

    /// <summary>The list of links, with the dialog that makes one.</summary>
    public const string NewLink = Links + "?dialog=new";
    public const string Import = "import";
    public const string Keys = "keys";
    public const string Settings = "settings";

    /// <summary>Where administrators look after people, links and settings.</summary>
    public const string Admin = "admin";
    public const string Login = "account/login";
    public const string Register = "account/register";
    public const string LoginCode = "account/code";
    public const string ForgottenPassword = "account/forgotten";
    public const string NewPassword = "account/new-password";
    public const string ConfirmEmail = "account/confirm";
    public const string FinishSignUp = "account/finish";
    public const string TwoFactor = Settings + "/two-factor";
    public const string Domains = Settings + "/domains";
    public const string NewDomainDialog = "new";
    public const string NewDomain = Domains + "?dialog=" + NewDomainDialog;
    public const string EditDomainDialog = "edit";
    public const string RevokeDomainDialog = "revoke";
    public const string Webhooks = Settings + "/webhooks";
    public const string NewWebhookDialog = "new";
    public const string NewWebhook = Webhooks + "?dialog=" + NewWebhookDialog;
    public const string EditWebhookDialog = "edit";
    public const string WebhookSecretDialog = "secret";
    public const string WebhookDeliveriesDialog = "deliveries";
    public const string DeleteWebhookDialog = "delete";
    public const string Alerts = Settings + "/alerts";
    public const string NewAlertRuleDialog = "new";
    public const string NewAlertRule = Alerts + "?dialog=" + NewAlertRuleDialog;
    public const string EditAlertRuleDialog = "edit";
    public const string DeleteAlertRuleDialog = "delete";
    public const string DeleteAccount = Settings + "/delete";
    public const string DownloadAccount = Settings + "/download";

    /// <summary>The part of the settings where reports by mail are chosen, what one will look like, and where a link in it ends it: a page, and a button of mail programs.</summary>
    public const string ReportsSection = "reports";
    public const string ReportPreviewRoute = Settings + "/reports/{id}";
    public const string StopReport = "account/reports/stop";
    public const string StopReportAtOnce = "account/reports/stop-at-once";
    public const string Logout = "account/logout";
    public const string PasswordAgain = "account/again";

    /// <summary>Below it, each provider with which people sign in; why that did not work; and where they are signed out there, too.</summary>
    public const string SignInProviders = "account/providers";
    public const string SignInRefused = "account/sign-in-refused";
    public const string SignedOut = "account/signed-out";

    /// <summary>The part of the settings where providers are connected.</summary>
    public const string ProvidersSection = "providers";

    /// <summary>Where the browser learns what a passkey is to be made for, or asked for.</summary>
    public const string PasskeyToMake = "account/passkeys/make";
    public const string PasskeyToUse = "account/passkeys/use";

    /// <summary>Where a link that a command printed signs a person in, once.</summary>
    public const string SignInOnce = "account/once";
    public const string ApiDocs = "docs";

    /// <summary>Where apps that cannot be called back read the code.</summary>
    public const string DeviceCallback = "auth/device/callback";

    public const string AllTimeDashboard = AccountDashboard + "?period=all";

    /// <summary>Names of the dashboard's own parameters, beside those of the question.</summary>
    public const string DetailsParameter = "details";
    public const string FilterParameter = "filter";
    public const string ShowParameter = "show";
    public const string ShowEdit = "edit";
    public const string ShowQr = "qr";
    public const string ShowDelete = "delete";
    public const string ShowKeys = "keys";
    public const string WhenParameter = "when";
    public const string FromParameter = "from";
    public const string ToParameter = "to";
    public const string CompareFromParameter = "compare_from";
    public const string CompareToParameter = "compare_to";
    public const string MetricParameter = "metric";
    public const string ChartParameter = "chart";
    public const string ChartAsTable = "table";

    /// <summary>Whether bots are counted, where it is otherwise than the viewer's dashboards begin.</summary>
    public const string BotsParameter = "bots";
    public const string BotsShown = "shown";
    public const string BotsHidden = "hidden";

    public const string SearchParameter = "search";
    public const string SortParameter = "sort";
    public const string PageParameter = "page";
    public const string TabsParameter = "tabs";
    public const string CrossTabParameter = "crosstab";

    /// <summary>What other sites load to give our frames their height; it is in their pages, so its address never changes.</summary>
    public const string EmbedScript = "js/embed.js";

    /// <summary>The question before an import is undone, on the page of its kind.</summary>
    public static string ImportUndo(string page, int id) => $"{page}?undo={id}";

    public const string LinksImport = Links + "/import";
    public const string LinksMissed = Links + "/missed";
    public const string LinksExport = Links + "/export.csv";
    public const string Setup = "setup";

    /// <summary>Of the first run's address, what only the person who started the server knows.</summary>
    public const string SetupCodeParameter = "code";
    public const string InvitationParameter = "invitation";

    /// <summary>Dialogs of the page of keys.</summary>
    public const string NewKeyDialog = "new";
    public const string RevokeKeyDialog = "revoke";
    public const string DeleteKeyDialog = "delete";
    public const string NewKey = Keys + "?dialog=" + NewKeyDialog;

    /// <summary>Below a public page: its stream of new numbers.</summary>
    public const string LiveRoute = PublicStatsStart + "{code}/live";

    /// <summary>Below a public page: its numbers as a picture.</summary>
    public const string CardRoute = PublicStatsStart + "{code}/card.png";

    /// <summary>What a page that opens its stream has seen already.</summary>
    public const string SeenParameter = "seen";

    public const string LinkDashboardStart = AccountDashboard + "/links/";
    private const string ExportStart = "api/v1/export";

    /// <summary>Rows of each list in a file of all that a page shows: more than anybody reads, and no burden for a spreadsheet.</summary>
    private const int RowsOfAnExport = 1000;

    public const string PublicStatsStart = "stats/";

    /// <summary>A short link as it is clicked, on paper or in a mail.</summary>
    /// <param name="name">The text of a <see cref="LinkName"/>.</param>
    public static string ShortLink(HttpRequest request, ShorteningOptions options, string name) => ShortLink(Origin(request, options), name);

    /// <summary>The short link that a person means by this text: the code alone, or an address of ours. Null: it is none.</summary>
    public static LinkName? NameIn(string text, HttpRequest request, ShorteningOptions options, KnownDomains domains)
    {
        text = text.Trim();
        string? host = null;
        if (text.Contains('/', StringComparison.Ordinal))
        {
            var address = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
            if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
            {
                return null;
            }

            host = domains.Find(uri.Host)?.Host;
            if (host is not null || IsOurs(uri.Host))
            {
                text = Below(uri.AbsolutePath).Trim('/');
            }
            else if (address == text)
            {
                return null;
            }
        }

        // A plus behind the code is its preview.
        text = text.Split('?', '#')[0].TrimEnd('+');
        return ShortCode.TryParse(text, out var code) && options.MayBeCode(code.Value) ? new(host, code.Value) : null;

        bool IsOurs(string host)
        {
            host = WithoutWww(host);
            return string.Equals(host, WithoutWww(request.Host.Host), StringComparison.OrdinalIgnoreCase)
                || (options.PublicUrl is { } url && string.Equals(host, WithoutWww(new Uri(url).Host), StringComparison.OrdinalIgnoreCase));
        }

        // Behind the path that the server is below, as this request or the setting has it.
        string Below(string path) => new[] { request.PathBase.Value, options.PublicUrl is { } url ? new Uri(url).AbsolutePath.TrimEnd('/') : null }
            .Where(start => start is { Length: > 0 } && path.StartsWith(start + "/", StringComparison.Ordinal))
            .Select(start => path[start!.Length..])
            .FirstOrDefault(path);

        static string WithoutWww(string host) => host.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? host[4..] : host;
    }

    /// <summary>Where this installation is for people elsewhere, without a slash at the end.</summary>
    public static string Origin(HttpRequest request, ShorteningOptions options) =>
        options.PublicUrl?.TrimEnd('/') ?? $"{request.Scheme}://{request.Host}{request.PathBase}";

    /// <summary>As <see cref="ShortLink(HttpRequest, ShorteningOptions, string)"/>, where there is no request any more.</summary>
    /// <param name="baseUri">With a slash at its end.</param>
    public static string ShortLink(string baseUri, ShorteningOptions options, string name) => ShortLink((options.PublicUrl ?? baseUri).TrimEnd('/'), name);

    private static string ShortLink(string origin, string name) => LinkName.Parse(name) is { Host: not null } elsewhere ? elsewhere.UrlAt(origin) : origin + "/" + name;

    public static string ReportPreview(string id) => Settings + "/reports/" + id;

    /// <summary>One of these addresses for people elsewhere.</summary>
    /// <inheritdoc cref="ShortLink(string, ShorteningOptions, string)"/>
    public static string Absolute(string baseUri, ShorteningOptions options, string address) => $"{(options.PublicUrl ?? baseUri).TrimEnd('/')}/{address}";

    /// <summary>The first run, for the person who started the server.</summary>
    public static string SetupWith(string code) => QueryHelpers.AddQueryString(Setup, SetupCodeParameter, code);

    /// <summary>A page of the codes that were asked for in vain.</summary>
    public static string MissedPage(int page) => page == 1 ? LinksMissed : QueryHelpers.AddQueryString(LinksMissed, PageParameter, page.ToString(CultureInfo.InvariantCulture));

    /// <summary>Where a person with this invitation makes their account.</summary>
    public static string RegisterInvited(string token) => QueryHelpers.AddQueryString(Register, InvitationParameter, token);

    /// <summary>The home page with the link that its form has just made.</summary>
    public static string HomeWith(string name) => $"?made={Uri.EscapeDataString(name)}";

    /// <summary>The picture of a short link that cameras read.</summary>
    /// <param name="format">svg, png or pdf.</param>
    public static string QrCode(string name, string format) => $"{Links}/{Segment(name)}/qr.{format}";

    /// <summary>A short link as a QR code has it, so that scans are told apart from followed links.</summary>
    public static string ScannedLink(string shortLink) => $"{shortLink}?{LinkRedirects.QrParameter}=1";

    public static string LinkDashboard(string name) => LinkDashboardStart + Segment(name);

    /// <summary>The page with a link's numbers for everybody.</summary>
    public static string PublicStats(string name) => PublicStatsStart + Segment(name);

    private static string Segment(string name) => Uri.EscapeDataString(LinkName.Parse(name)?.Segment ?? name);

    private static string NameOf(string segment) => Uri.UnescapeDataString(segment) is var text && LinkName.Parse(text) is { } name ? name.ToString() : text;

    /// <summary>Whether this is the path of a public page, or of something below it.</summary>
    public static bool IsPublicStats(string path) => path.TrimStart('/').StartsWith(PublicStatsStart, StringComparison.OrdinalIgnoreCase);

    /// <summary>Where an open public page hears of new clicks.</summary>
    public static string PublicLive(DashboardAddress address) => BesidePublic(address, "/live");

    /// <summary>The picture of what this public page shows.</summary>
    public static string PublicCard(DashboardAddress address) => BesidePublic(address.Closed with { Embedding = null }, "/card.png");

    private static string BesidePublic(DashboardAddress address, string name)
    {
        var page = PublicStats(address.Link!);
        return page + name + address.Url[page.Length..];
    }

    /// <summary>The name of the link whose public page this is, or something below it. Null: it is not one.</summary>
    public static string? PublicLinkIn(Uri address) => After(PublicStatsStart, address)?.Split('/')[0] is { } segment ? NameOf(segment) : null;

    public static bool IsDashboard(Uri address) => Is(AccountDashboard, address) || After(LinkDashboardStart, address) is not null;

    /// <summary>Whether this is the page with this address, whatever it is asked for.</summary>
    /// <param name="address">As <see cref="ServerPaths.Below"/> tells it.</param>
    public static bool Is(string page, Uri address) => address.AbsolutePath[1..] == page;

    /// <summary>The name of the link whose dashboard this is. Null: it is not one.</summary>
    public static string? LinkIn(Uri address) => After(LinkDashboardStart, address) is { } segment ? NameOf(segment) : null;

    public static string RevokeKey(string id) => $"{Keys}?dialog={RevokeKeyDialog}&key={id}";

    public static string DeleteKey(string id) => $"{Keys}?dialog={DeleteKeyDialog}&key={id}";

    /// <param name="dialog">One of those of the page of domains.</param>
    public static string DomainDialog(string dialog, string id) => $"{Domains}?dialog={dialog}&domain={id}";

    /// <param name="dialog">One of those of the page of webhooks.</param>
    public static string AlertRuleDialog(string dialog, string id) => $"{Alerts}?dialog={dialog}&rule={id}";

    public static string WebhookDialog(string dialog, string id) => $"{Webhooks}?dialog={dialog}&webhook={id}";

    public static string LoginThen(string returnUrl) => ReturnUrls.Add(Login, returnUrl);

    /// <summary>Where the password is entered again, and then this.</summary>
    public static string PasswordAgainThen(string returnUrl) => ReturnUrls.Add(PasswordAgain, returnUrl);

    /// <summary>Signing in, where a person has just asked for an account.</summary>
    public static string LoginAsNew(string? returnUrl) =>
        QueryHelpers.AddQueryString(returnUrl is null ? Login : LoginThen(returnUrl), "new", "true");

    /// <summary>The settings, where the section of this name says that it is done.</summary>
    public static string SettingsDone(string section) => $"{Settings}?done={section}#{section}";

    public static string LoginCodeThen(string? returnUrl, bool remember)
    {
        var url = remember ? LoginCode + "?remember=true" : LoginCode;
        return returnUrl is null ? url : ReturnUrls.Add(url, returnUrl);
    }

    public static string RegisterThen(string? returnUrl) =>
        returnUrl is null ? Register : ReturnUrls.Add(Register, returnUrl);

    /// <summary>What the page is about, as a file.</summary>
    /// <param name="format">One of the formats of the exports of statistics.</param>
    public static string Export(DashboardAddress address, IEnumerable<Dimension> dimensions, string format, TimeRange? range) =>
        Download(ExportStart, address, query => query with { GroupBy = [.. dimensions], Limit = RowsOfAnExport }, range, null,
            [("format", format), .. format switch { "xlsx" => [("layout", "report"), ("names", Texts.Current.Name)], "csv" => [("bom", "true")], _ => Array.Empty<(string, string)>() }]);

    /// <summary>One complete list as one table, looked at as the page does.</summary>
    public static string ExportList(DashboardAddress address, Dimension dimension, ListView view, TimeRange? range) => Download(
        ExportStart + "/list",
        address,
        query => query with { GroupBy = [dimension] },
        range,
        dimension.Name,
        (SearchParameter, view.Search),
        (SortParameter, view == ListView.Default ? "" : view.Sort),
        ("names", Texts.Current.Name));

    /// <summary>A whole cross-tab as one table.</summary>
    public static string ExportCrossTab(DashboardAddress address, CrossTabChoice choice, TimeRange? range) => Download(
        ExportStart + "/list",
        address,
        query => query with { GroupBy = [choice.First, choice.Second], Metrics = [choice.Metric] },
        range,
        $"{choice.First.Name}-{choice.Second.Name}",
        ("names", Texts.Current.Name));

    /// <summary>The single clicks that the page is about.</summary>
    public static string ExportClicks(DashboardAddress address, string format, TimeRange? range) =>
        Download(ExportStart + "/clicks", address, query => query with { Interval = null }, range, "clicks", ("format", format));

    /// <summary>The page that asks this question. Whatever is a default of the page or of its viewer is left out.</summary>
    public static string Dashboard(DashboardAddress address)
    {
        var query = address.Query;
        var link = address.Link;
        var printed = query with
        {
            Scope = StatsScope.All,
            LinkName = null,
            GroupBy = [Dimension.Time],
            Metrics = Metric.All,
            Limit = null,
            Cross = false,
            Period = query.Period == address.ViewerPeriod ? null : query.Period,
            Start = query.Period == address.ViewerPeriod ? null : query.Start,
            End = query.Period == address.ViewerPeriod ? null : query.End,
            Zone = TimeZones.Utc,
            Filters = [.. query.Filters.Where(filter => (link is null || filter != address.LinkFilter) && !(address.PeopleOnly && filter == DashboardAddress.People))],
        };

        var parameters = StatsQueryParser.Print(printed).ToList();
        if (!query.Zone.Equals(address.ViewerZone))
        {
            parameters.Add(new("timezone", query.Zone.Id));
        }

        if (address.Metric != ChartMetric.Clicks)
        {
            parameters.Add(new(MetricParameter, address.Metric.Name));
        }

        if (address.PeopleOnly != address.ViewerPeopleOnly && !address.AsksAboutBots)
        {
            parameters.Add(new(BotsParameter, address.PeopleOnly ? BotsHidden : BotsShown));
        }

        if (address.AsTable)
        {
            parameters.Add(new(ChartParameter, ChartAsTable));
        }

        if (address.ShowsKeys)
        {
            parameters.Add(new(ShowParameter, ShowKeys));
        }

        if (address.LinkDialog is { } dialog)
        {
            parameters.Add(new(ShowParameter, dialog));
        }

        if (address.Details is { } details)
        {
            parameters.Add(new(DetailsParameter, details.Name));
        }

        if (address.Filtering is { } filtering)
        {
            parameters.Add(new(FilterParameter, filtering.Name));
        }

        if (address.List.Search.Length > 0)
        {
            parameters.Add(new(SearchParameter, address.List.Search));
        }

        if (address.List.Sort != ListView.Default.Sort)
        {
            parameters.Add(new(SortParameter, address.List.Sort));
        }

        if (address.ListPage > 1)
        {
            parameters.Add(new(PageParameter, address.ListPage.ToString(CultureInfo.InvariantCulture)));
        }

        if (address.Tabs.Count > 0)
        {
            parameters.Add(new(TabsParameter, string.Join(',', address.Tabs)));
        }

        if (address.Cross is { } cross)
        {
            parameters.Add(new(CrossTabParameter, cross.Text));
        }

        if (address.Embedding is { } embedding)
        {
            parameters.AddRange(embedding.Print());
        }

        return QueryHelpers.AddQueryString(
            link is null ? AccountDashboard : address.IsPublic ? PublicStats(link) : LinkDashboard(link),
            parameters.Select(parameter => new KeyValuePair<string, string?>(parameter.Key, parameter.Value)));
    }

    private static string? After(string start, Uri address) =>
        address.AbsolutePath[1..] is { } path && path.StartsWith(start, StringComparison.Ordinal) ? path[start.Length..] : null;

    /// <param name="range">What the page has counted, for the file's name. Null: not known yet.</param>
    /// <param name="part">What part of the page it is, for the same. Null: all of it.</param>
    private static string Download(
        string path,
        DashboardAddress address,
        Func<StatsQuery, StatsQuery> ask,
        TimeRange? range,
        string? part,
        params ReadOnlySpan<(string Name, string Value)> more)
    {
        var parameters = StatsQueryParser.Print(ask(address.Query with { Metrics = Metric.All, Compare = null })).ToList();
        foreach (var (key, value) in more)
        {
            if (value.Length > 0)
            {
                parameters.Add(new(key, value));
            }
        }

        string?[] names = ["spoo", address.Link is { } name ? FileNames.OfLink(name) : "all-links", part, range is null ? null : Day(range, range.Start), range is null ? null : "to-" + Day(range, range.End)];
        parameters.Add(new("filename", string.Join('-', names.OfType<string>())));
        return QueryHelpers.AddQueryString(path, parameters.Select(parameter => new KeyValuePair<string, string?>(parameter.Key, parameter.Value)));

        static string Day(TimeRange range, DateTimeOffset moment) => range.Local(moment).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }
}
