using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Alerts;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Domains;
using Spoo.Data.Stats.Question;
using Spoo.Web.Addresses;
using Spoo.Web.Components.Shared;
using Spoo.Web.Identity;
using Spoo.Web.Mail;
using Spoo.Web.Words;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Components.Alerts;

public sealed partial class AlertsPage : ComponentBase
{
    /// <summary>Alerts on the page; older ones are in the API.</summary>
    private const int Most = 50;

    private IReadOnlyList<AlertRule>? _rules;
    private IReadOnlyDictionary<string, string> _links = new Dictionary<string, string>();
    private IReadOnlyList<Alert> _alerts = [];
    private IReadOnlyList<AlertFinding>? _tried;
    private IReadOnlyList<string> _domains = [];
    private Viewer _viewer = Viewer.Nobody;
    private int _total;
    private int _unseen;
    private bool _failed;
    private bool _working;
    private string? _fault;
    private Refusal? _refused;

    [Inject]
    public required AlertRules Rules { get; set; }

    [Inject]
    public required RaisedAlerts Alerts { get; set; }

    [Inject]
    public required UnseenAlerts Unseen { get; set; }

    [Inject]
    public required LinkService Links { get; set; }

    [Inject]
    public required DomainService DomainService { get; set; }

    [Inject]
    internal MailQueue Mails { get; set; } = null!;

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [Inject]
    public required ISnackbar Snackbar { get; set; }

    [Inject]
    public required ILogger<AlertsPage> Logger { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    [CascadingParameter(Name = "ViewerZone")]
    public TimeZoneInfo ViewerZone { get; set; } = TimeZones.Utc;

    /// <summary>Which dialog is open. Null: none.</summary>
    [SupplyParameterFromQuery]
    private string? Dialog { get; set; }

    /// <summary>The id of the rule that the dialog is about.</summary>
    [SupplyParameterFromQuery(Name = "rule")]
    private string? RuleId { get; set; }

    private AlertRule? Chosen => _rules?.FirstOrDefault(rule => rule.Id == RuleId);

    protected override async Task OnInitializedAsync()
    {
        _viewer = (await Authentication).User.Viewer();
        await LoadAsync();
    }

    protected override void OnParametersSet() => (_refused, _tried) = (null, null);

    private string Title(AlertRule rule) => $"{AlertWords.Of(rule.Kind)} ({AlertWords.WatchedBy(rule, _links)})";

    /// <summary>What the sentence of an alert does not say itself.</summary>
    private static string? About(Alert alert) => AlertKindFacts.Of(alert.Kind).CountsClicks ? alert.Subject : null;

    private static string Told(AlertRule rule) => (rule.ByMail, rule.ByWebhook) switch
    {
        (true, true) => T("Told by mail and to webhooks."),
        (true, false) => T("Told by mail."),
        (false, true) => T("Told to webhooks."),
        _ => T("Only on this page."),
    };

    private string Moment(DateTimeOffset moment) => DateFormats.Moment(TimeZoneInfo.ConvertTime(moment, ViewerZone));

    private async Task LoadAsync()
    {
        _failed = false;
        try
        {
            (_rules, _links) = await Rules.ListAsync(_viewer, CancellationToken.None);
            (_alerts, _total, _unseen) = await Alerts.ListAsync(_viewer, onlyUnseen: false, 0, Most, CancellationToken.None);
            _domains = [.. (await DomainService.UsableAsync(_viewer, CancellationToken.None)).Select(domain => domain.Host)];
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            PageLog.NotRead(Logger, exception);
            (_rules, _failed) = (null, true);
        }
    }

    private Task SeeAsync(Alert alert) => WorkAsync(async () =>
    {
        await Alerts.SeeAsync(alert.Id, _viewer, CancellationToken.None);
        await LoadAsync();
        Unseen.Look();
    });

    private Task SeeAllAsync() => WorkAsync(async () =>
    {
        await Alerts.SeeAllAsync(_viewer, CancellationToken.None);
        await LoadAsync();
        Unseen.Look();
    });

    private Task CreateAsync(AlertRuleDraft draft) => ActAsync(
        async () => await Rules.CreateAsync(await WithLinkAsync(draft), _viewer, CancellationToken.None), _ => Snackbar.Add(T("The rule is added."), Severity.Success));

    private Task TryAsync(AlertRuleDraft draft) => ActAsync(
        async () => await Rules.TryAsync(await WithLinkAsync(draft), _viewer, CancellationToken.None), done => _tried = done.Findings, closes: false);

    private Task SaveAsync(AlertRule rule, AlertRuleDraft draft) => ActAsync(
        () => Rules.EditAsync(
            rule.Id, new AlertRuleEdit { Threshold = draft.Threshold, Minimum = draft.Minimum, ByMail = draft.ByMail, ByWebhook = draft.ByWebhook }, _viewer, CancellationToken.None),
        _ => Snackbar.Add(T("The rule is saved."), Severity.Success));

    private Task DeleteAsync(AlertRule rule) => ActAsync(
        () => Rules.DeleteAsync(rule.Id, _viewer, CancellationToken.None),
        _ =>
        {
            Snackbar.Add(T("The rule is deleted."), Severity.Success);
            Unseen.Look();
        });

    /// <summary>With the id of the link whose name was typed; a name of none stays, and is refused.</summary>
    private async Task<AlertRuleDraft> WithLinkAsync(AlertRuleDraft draft)
    {
        if (draft.LinkId is not { } typed)
        {
            return draft;
        }

        // A whole address, as people paste it, or the code alone; on our own domain a link is called by its code.
        var name = typed.Contains("://", StringComparison.Ordinal) ? typed[(typed.IndexOf("://", StringComparison.Ordinal) + 3)..] : typed;
        var link = await Links.FindOwnByNameAsync(name, _viewer, CancellationToken.None)
            ?? await Links.FindOwnByNameAsync(name[(name.LastIndexOf('/') + 1)..], _viewer, CancellationToken.None);
        return draft with { LinkId = link?.PublicId ?? "" };
    }

    private Task ActAsync(Func<Task<AlertRuleOutcome>> act, Action<AlertRuleOutcome.Done> then, bool closes = true) => WorkAsync(async () =>
    {
        _refused = null;
        _tried = null;
        switch (await act())
        {
            case AlertRuleOutcome.Done done:
                then(done);
                if (closes)
                {
                    await LoadAsync();
                    Navigation.NavigateTo(SpooUrls.Alerts);
                }

                break;
            case AlertRuleOutcome.Refused(var no) when Dialog is SpooUrls.NewAlertRuleDialog or SpooUrls.EditAlertRuleDialog:
                _refused = no;
                break;
            case AlertRuleOutcome.Refused(var no):
                _fault = AlertWords.Of(no);
                break;
        }
    });

    private async Task WorkAsync(Func<Task> work)
    {
        if (_working)
        {
            return;
        }

        (_working, _fault) = (true, null);
        try
        {
            await work();
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            PageLog.NotSaved(Logger, exception);
            _fault = T("The database does not answer. Nothing was changed.");
        }
        finally
        {
            _working = false;
        }
    }
}
