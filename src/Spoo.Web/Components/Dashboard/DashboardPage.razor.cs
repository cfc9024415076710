using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.News;
using Spoo.Data.Links;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;
using Spoo.Web.Addresses;
using Spoo.Web.Components.Report;
using Spoo.Web.Components.Report.Cards;
using Spoo.Web.Components.Report.Charts;
using Spoo.Web.Components.Shared;
using Spoo.Web.Identity;
using Spoo.Web.Words;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Components.Dashboard;

/// <summary>
/// The clicks of an account, or of one of its links. Address in, report out: a picker only navigates, and the page starts again from
/// the top. A new question cancels the one before it.
/// </summary>
public sealed partial class DashboardPage : ComponentBase, IDisposable
{
    private const string TicketName = "dashboard-report";

    /// <summary>What is answered sooner than this is shown at once, instead of dimming the old numbers for the blink of an eye.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(150);

    /// <summary>How often is asked how far the numbers are that are being prepared.</summary>
    private static readonly TimeSpan PreparingInterval = TimeSpan.FromSeconds(1);

    private readonly CancellationSeries _questions = new();

    private readonly ConcurrentDictionary<(string Link, bool PeopleOnly, bool IsFiltered), DateTimeOffset> _firstClicks = new();
    private readonly ConcurrentDictionary<string, long> _ahead = new(StringComparer.Ordinal);

    private DashboardAddress? _address;
    private DashboardAnswer? _answer;
    private Refusal? _refusal;
    private string? _askedUrl;
    private bool _failed;
    private bool _isAsking;
    private bool _isWaiting;
    private bool _isDisposed;

    /// <summary>What the last question brought, for those who do not see the numbers change.</summary>
    private string? _said;

    private CardQuery<WeekReport> _week = null!;
    private CardQuery<StatsReport> _crossTab = null!;

    /// <summary>What the open dialog shows all of, or lets choose from.</summary>
    private CardQuery<Breakdown> _list = null!;

    private Viewer _viewer = Viewer.Nobody;
    private PersistingComponentStateSubscription _persisting;

    [Inject]
    public required StatsService Stats { get; set; }

    [Inject]
    public required StatsQueryParser Parser { get; set; }

    [Inject]
    public required LinkList Links { get; set; }

    [Inject]
    public required LinkChanges Changes { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [Inject]
    public required PersistentComponentState Persisted { get; set; }

    [Inject]
    public required ClickSubscriptions News { get; set; }

    [Inject]
    internal SharedAnswers Shared { get; set; } = null!;

    [Inject]
    internal PrerenderedReport Handover { get; set; } = null!;

    [Inject]
    public required TimeProvider Clock { get; set; }

    [Inject]
    public required ILogger<DashboardPage> Logger { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    [CascadingParameter(Name = "ViewerZone")]
    public TimeZoneInfo ViewerZone { get; set; } = TimeZones.Utc;

    [CascadingParameter(Name = "ViewerPeriod")]
    public Period ViewerPeriod { get; set; } = DashboardAddress.DefaultPeriod;

    [CascadingParameter(Name = "ViewerPeopleOnly")]
    public bool ViewerPeopleOnly { get; set; }

    /// <summary>The link in the path; read from the address like everything else.</summary>
    [Parameter]
    public string? Code { get; set; }

    public void Dispose()
    {
        _isDisposed = true;
        Navigation.LocationChanged -= OnLocationChanged;
        _persisting.Dispose();
        _questions.Dispose();
        _week?.Dispose();
        _crossTab?.Dispose();
        _list?.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        _viewer = (await Authentication).User.Viewer();
        _week = new(Logger);
        _crossTab = new(Logger);
        _list = new(Logger);
        _list.Changed += () => _ = InvokeAsync(StateHasChanged);
        Navigation.LocationChanged += OnLocationChanged;
        _persisting = Persisted.RegisterOnPersisting(
            () =>
            {
                if (_answer is not null)
                {
                    Persisted.PersistAsJson(TicketName, Handover.Leave(_answer with { Week = _week.Part, CrossTab = _crossTab.Part }));
                }

                return Task.CompletedTask;
            },
            RenderMode.InteractiveServer);
        if (Persisted.TryTakeFromJson<string>(TicketName, out var ticket) && ticket is not null)
        {
            _answer = Handover.Collect(ticket);
            _week.Take(_answer?.Week);
            _crossTab.Take(_answer?.CrossTab);
        }

        await ShowAsync();
    }

    /// <summary>Asks again while the numbers are being prepared. Not before the page is live: what is sent at first says how far they were then.</summary>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!IsPreparing || _isWaiting)
        {
            return;
        }

        _isWaiting = true;
        await Task.Delay(PreparingInterval, Clock);
        _isWaiting = false;
        if (IsPreparing && !_isDisposed)
        {
            await AskAgainAsync();
        }
    }

    private bool IsPreparing => _refusal?.Code == CountingRefusals.PreparingCode && !_isAsking;

    // Raised outside of the component's lifecycle; what goes wrong here must reach the page's error handling all the same.
    private void OnLocationChanged(object? sender, LocationChangedEventArgs change) => _ = InvokeAsync(async () =>
    {
        try
        {
            if (SpooUrls.IsDashboard(Navigation.Below(change.Location)))
            {
                await ShowAsync();
            }
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    });

    private async Task ShowAsync()
    {
        if (!DashboardAddress.TryParse(Parser, Navigation.Below(), ViewerZone, out _address, out _refusal, ViewerPeriod, ViewerPeopleOnly))
        {
            StateHasChanged();
            return;
        }

        // Opening a dialog or a tab is a new address and the same question.
        var address = _address.Question;
        if (!_failed && address.Url == (_askedUrl ?? _answer?.Url))
        {
            StateHasChanged();
            await AskListAsync();
        }
        else
        {
            await Task.WhenAll(AskAsync(address), AskListAsync());
        }

        await AskPartsAsync();
    }

    private async Task AskAgainAsync()
    {
        await AskAsync(_address!.Question);
        await AskPartsAsync();
    }

    /// <summary>Counts what has questions of its own, once the numbers of the page are there.</summary>
    private Task AskPartsAsync()
    {
        if (_address is not { } address || _answer is not { Report.Summary.TotalClicks: > 0 } answer || answer.Url != address.Question.Url)
        {
            return Task.CompletedTask;
        }

        return Task.WhenAll(
            _week.AskAsync(answer.Url, cancellation => WeekAsync(address, cancellation)),
            _crossTab.AskAsync(CrossTabUrl(address), cancellation => CrossTabAsync(address, cancellation)));
    }

    private static string CrossTabUrl(DashboardAddress address) => (address.Question with { Cross = address.Cross ?? CrossTabChoice.Default }).Url;

    private Task<(WeekReport? Answer, Refusal? Refusal)> WeekAsync(DashboardAddress address, CancellationToken cancellationToken) =>
        Stats.AskWeekAsync(address.Query, _viewer, Stats.Now(), cancellationToken);

    private async Task<(StatsReport? Answer, Refusal? Refusal)> CrossTabAsync(DashboardAddress address, CancellationToken cancellationToken) =>
        await Stats.AskAsync(address.CrossTabQuery, _viewer, cancellationToken) switch
        {
            StatsOutcome.Found(var report) => (report, null),
            StatsOutcome.Refused(var refusal) => (null, refusal),
            _ => throw new UnreachableException(),
        };

    private async Task AskAsync(DashboardAddress address)
    {
        var cancellation = _questions.Next();
        _askedUrl = address.Url;

        // How far the numbers are that are being prepared stays in view until there is something newer to show.
        (_failed, _refusal, _isAsking) = (false, IsPreparing ? _refusal : null, true);
        try
        {
            // Counting keeps a processor busy, and the circuit has to stay free to draw and to listen.
            var answering = Task.Run(() => AnswerAsync(address, cancellation), cancellation);
            if (await Task.WhenAny(answering, Task.Delay(Patience, cancellation)) != answering && !cancellation.IsCancellationRequested)
            {
                StateHasChanged();
            }

            var (answer, refusal) = await answering;
            if (!cancellation.IsCancellationRequested)
            {
                // What a page begins with is read from its beginning; only what changes has to be said.
                _said = _answer is null ? null : SpokenReport.Of(address, answer) ?? (refusal is null ? null : CountingWords.Of(refusal));
                (_answer, _refusal, _isAsking) = (answer, refusal, false);
            }
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            // A newer question is on its way; whatever became of this one no longer matters.
        }
        catch (Exception exception)
        {
            PageLog.NotCounted(Logger, exception);
            (_answer, _failed, _isAsking) = (null, true, false);
        }

        if (!cancellation.IsCancellationRequested)
        {
            StateHasChanged();
        }
    }

    /// <summary>
    /// Asks the same again because there may be new clicks. The numbers change where they stand; nothing is dimmed, and what goes
    /// wrong leaves them as they are, with the moment as of which they are.
    /// </summary>
    private async Task FollowAsync()
    {
        if (_answer is not { } shown || _isAsking || _failed || !DashboardAddress.TryParse(Parser, Navigation.Below(), ViewerZone, out var now, out _, ViewerPeriod, ViewerPeopleOnly)
            || (now.Query.End is not null && shown.Report.AsOf > now.Query.End))
        {
            return;
        }

        try
        {
            var (answer, _) = await SharedAsync("report", now.Question.Url, () => AnswerAsync(now.Question, CancellationToken.None));
            if (answer is not null && answer != shown && _answer == shown && !_isAsking)
            {
                _answer = answer;
                StateHasChanged();
            }

            await Task.WhenAll(
                _week.FollowAsync(now.Question.Url, () => SharedAsync("week", now.Question.Url, () => WeekAsync(now, CancellationToken.None))),
                _crossTab.FollowAsync(CrossTabUrl(now), () => SharedAsync("cross-tab", CrossTabUrl(now), () => CrossTabAsync(now, CancellationToken.None))),
                _list.FollowAsync(ListUrl(now), () => Task.Run(() => ListAsync(now, CancellationToken.None))));
        }
        catch (Exception exception)
        {
            PageLog.NotCounted(Logger, exception);
        }
    }

    /// <summary>The answer another viewer of the same page got since the last click, or one asked for now.</summary>
    private Task<T> SharedAsync<T>(string what, string url, Func<Task<T>> ask) => Shared.GetAsync(
        (what, _viewer.UserId, url, ViewerZone.Id, ViewerPeriod, ViewerPeopleOnly, CultureInfo.CurrentUICulture.Name, News.VersionOf(_viewer.UserId!)), ask);

    private async Task<(DashboardAnswer? Answer, Refusal? Refusal)> AnswerAsync(DashboardAddress address, CancellationToken cancellationToken)
    {
        LinkEntry? link = null;
        if (address.Link is { } code)
        {
            link = await Links.FindAsync(_viewer.UserId!, code, cancellationToken);
            if (link is null)
            {
                return (null, new Refusal(RefusalKind.NotFound, T("You have no link '{0}'", code)));
            }
        }

        var moment = Stats.Now();
        var bots = address.PeopleOnly ? BotsAsync(address, moment, cancellationToken) : Task.FromResult<long?>(null);
        var outcome = await Stats.AskAsync(address.ReportQuery(Dimension.All, await FirstClickAsync(address, moment, cancellationToken)), _viewer, moment, cancellationToken);
        if (outcome is StatsOutcome.Refused refused)
        {
            return (null, refused.Refusal);
        }

        var report = ((StatsOutcome.Found)outcome).Report;
        var ever = report.Summary.TotalClicks > 0 ? null : await EverClicked.AskAsync(address, query => FoundAsync(query, moment, cancellationToken));
        return (new DashboardAnswer(address.Url, report, link, ever)
        {
            Flags = await FlagsAsync(link, report, cancellationToken),
            Bots = await bots,
            Ahead = await AheadAsync(address, moment, cancellationToken),
        }, null);
    }

    /// <summary>
    /// Files and clocks that were wrong bring clicks of days to come, which no period shows. How many there are is looked up once for each link that
    /// this page shows, because it does not change by filtering.
    /// </summary>
    private async Task<long> AheadAsync(DashboardAddress address, StatsMoment moment, CancellationToken cancellationToken)
    {
        if (_ahead.TryGetValue(address.Link ?? "", out var known))
        {
            return known;
        }

        var now = Clock.GetUtcNow();
        var toCome = address.WithoutChips().OfPeopleOnly(false).ComparedWith(null).Query with
        {
            Period = null,
            Start = now.AddMilliseconds(1),
            End = now.AddYears(100),
            GroupBy = [Dimension.VisitorType],
            BucketDetails = false,
        };
        return _ahead[address.Link ?? ""] = (await FoundAsync(toCome, moment, cancellationToken))?.Summary.TotalClicks ?? 0;
    }

    /// <summary>How many clicks the page leaves out because bots made them.</summary>
    private async Task<long?> BotsAsync(DashboardAddress address, StatsMoment moment, CancellationToken cancellationToken)
    {
        var all = address.OfPeopleOnly(false).ComparedWith(null).Query with { GroupBy = [Dimension.VisitorType], BucketDetails = false };
        return await FoundAsync(all, moment, cancellationToken) is { } report
            ? report.By(Dimension.VisitorType).Rows.FirstOrDefault(row => row.Value == Dimension.Bot)?.Count.Clicks ?? 0
            : null;
    }

    /// <summary>With which click all time begins, where all time is asked for. Looked up once for each link that this page shows, because chips do not change it.</summary>
    private async Task<DateTimeOffset?> FirstClickAsync(DashboardAddress address, StatsMoment moment, CancellationToken cancellationToken)
    {
        if (address.Query.Period != Period.AllTime)
        {
            return null;
        }

        // Filtered, a report has nothing of what imports told in sums.
        var key = (address.Link ?? "", address.PeopleOnly, IsFiltered: address.PeopleOnly || address.Chips.Any());
        if (_firstClicks.TryGetValue(key, out var known))
        {
            return known;
        }

        var ever = await FoundAsync(EverClicked.Question(address.WithoutChips()), moment, cancellationToken);
        var first = key.IsFiltered ? ever?.Summary.FirstClick : ever?.Beginning;
        if (first is { } found)
        {
            _firstClicks[key] = found;
        }

        return first;
    }

    /// <summary>What the owner did to the link meanwhile.</summary>
    private async Task<IReadOnlyList<ChartFlag>> FlagsAsync(LinkEntry? link, StatsReport report, CancellationToken cancellationToken) => link is null
        ? []
        : ChangeFlags.Of(
            await Changes.OfAsync(_viewer.UserId!, link.Name, report.Range.Start, report.Range.End, cancellationToken), report.Range.Zone);

    /// <summary>Null: it was refused.</summary>
    private async Task<StatsReport?> FoundAsync(StatsQuery query, StatsMoment moment, CancellationToken cancellationToken) =>
        await Stats.AskAsync(query, _viewer, moment, cancellationToken) is StatsOutcome.Found(var report) ? report : null;

    /// <summary>The address of the list in the open dialog. Searching, sorting and turning its pages are new addresses of the same list.</summary>
    private static string ListUrl(DashboardAddress address) => (address with { List = ListView.Default, ListPage = 1 }).Url;

    /// <summary>The list of the open dialog. Null: on its way.</summary>
    private CardResult<Breakdown>? List => !_list.IsAsking && _list.Part is { } part && part.Url == ListUrl(_address!) ? part : null;

    /// <summary>Counts the list of the open dialog, if one is open and its list is not there yet.</summary>
    private Task AskListAsync()
    {
        if (_address is { } address && (address.Details ?? address.Filtering) is not null)
        {
            return _list.AskAsync(ListUrl(address), cancellation => ListAsync(address, cancellation));
        }

        _list.Take(null);
        return Task.CompletedTask;
    }

    private async Task<(Breakdown? Answer, Refusal? Refusal)> ListAsync(DashboardAddress address, CancellationToken cancellationToken)
    {
        if ((address.Details ?? address.Filtering) is not { } dimension)
        {
            return default;
        }

        // To choose from, a filter needs the values that it hides now.
        var filters = address.Details is not null
            ? address.Query.Filters
            : [.. address.Query.Filters.Where(filter => filter.Dimension != dimension)];
        var query = address.ComparedWith(null).Query with { GroupBy = [dimension], Filters = filters, Limit = StatsQuery.AllRows };
        return ((await FoundAsync(query, Stats.Now(), cancellationToken))?.By(dimension), null);
    }
}
