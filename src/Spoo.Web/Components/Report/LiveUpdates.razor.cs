using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.News;
using Spoo.Data.Links.Domains;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Web.Addresses;
using Spoo.Web.Components.Shared;
using Spoo.Web.Words;

namespace Spoo.Web.Components.Report;

/// <summary>The pulse of an open dashboard.</summary>
public sealed partial class LiveUpdates : ComponentBase, IAsyncDisposable
{
    private const int Listed = 12;

    private readonly CancellationTokenSource _left = new();

    private RefreshThrottle? _pulse;
    private IDisposable? _listening;
    private IJSObjectReference? _script;
    private DotNetObjectReference<LiveUpdates>? _self;
    private string? _shownFor;
    private long? _now;
    private IReadOnlyList<LatestClick>? _latest;
    private bool _paused;
    private bool _isHidden;
    private bool _isBehind;

    [Inject]
    public required ClickSubscriptions News { get; set; }

    [Inject]
    public required ClickHistory History { get; set; }

    [Inject]
    public required StatsService Stats { get; set; }

    [Inject]
    internal SharedAnswers Shared { get; set; } = null!;

    [Inject]
    public required TimeProvider Clock { get; set; }

    [Inject]
    public required IJSRuntime Script { get; set; }

    [Inject]
    internal LiveConnection Connection { get; set; } = null!;

    [Inject]
    public required ILogger<LiveUpdates> Logger { get; set; }

    [Parameter, EditorRequired]
    public required DashboardAddress Address { get; set; }

    /// <summary>Whose page it is.</summary>
    [Parameter, EditorRequired]
    public required Viewer Viewer { get; set; }

    /// <summary>There may be new clicks: the page looks again, and draws itself again only if there is something new to see.</summary>
    [Parameter, EditorRequired]
    public required Func<Task> OnNews { get; set; }

    /// <summary>Called by the script of the page.</summary>
    [JSInvokable]
    public void OnVisibility(bool isVisible)
    {
        _isHidden = !isVisible;
        Settle();
    }

    public async ValueTask DisposeAsync()
    {
        await _left.CancelAsync();
        Connection.Changed -= Settle;
        _listening?.Dispose();
        _self?.Dispose();
        if (_script is not null)
        {
            await _script.TryDisposeAsync();
        }

        _left.Dispose();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender || Viewer.UserId is not { } owner)
        {
            return;
        }

        _pulse = new RefreshThrottle(Clock);
        _listening = News.ListenToOwner(owner, _pulse.Beat);
        Connection.Changed += Settle;
        _ = FollowAsync(_pulse, _left.Token);
        await LookAsync();
        StateHasChanged();
        _self = DotNetObjectReference.Create(this);
        try
        {
            _script = await Script.InvokeAsync<IJSObjectReference?>("import", "./" + Assets["js/live.js"]);
            if (_script is not null)
            {
                await _script.InvokeVoidAsync("watch", _self);
            }
        }
        catch (Exception exception) when (exception is JSException || BrowserCalls.IsGone(exception))
        {
            // Without the script it is not known when the page is hidden; clicks arrive all the same, and the page must not go down with it.
        }
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_pulse is not null && _shownFor != Address.Link)
        {
            await LookAsync();
        }
    }

    private static string NameOf(Dimension dimension, string? value) => Labels.Of(dimension, dimension.LabelOf(value));

    private string WhenOf(LatestClick click)
    {
        var local = TimeZoneInfo.ConvertTime(click.Time, Address.Query.Zone);
        var today = TimeZoneInfo.ConvertTime(Clock.GetUtcNow(), Address.Query.Zone).Date;
        return local.ToString(local.Date == today ? "T" : "g", CultureInfo.CurrentCulture);
    }

    private void Hold()
    {
        _paused = !_paused;
        Settle();
    }

    /// <summary>A page that is hidden, cut off or held is not seen.</summary>
    private void Settle()
    {
        if (_paused || _isHidden || !Connection.IsUp)
        {
            _pulse?.Pause();
        }
        else
        {
            _pulse?.Resume();
        }
    }

    private async Task FollowAsync(RefreshThrottle pulse, CancellationToken left)
    {
        try
        {
            while (true)
            {
                await pulse.NextAsync(left);
                await InvokeAsync(async () =>
                {
                    await Task.WhenAll(OnNews(), LookAsync());
                    StateHasChanged();
                });
            }
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            pulse.Dispose();
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    }

    private async Task LookAsync()
    {
        _shownFor = Address.Link;
        try
        {
            var query = Address.WithoutChips().Query;
            var (owner, link) = (Viewer.UserId!, Address.Link);
            (_now, _latest) = await Shared.GetAsync(("now", owner, link, News.VersionOf(owner)), async () =>
            {
                var reading = History.ArrivedLastAsync(owner, link, Listed, CancellationToken.None);
                return (await Stats.CountPeopleNowAsync(query, Viewer, CancellationToken.None), await reading);
            });
            _isBehind = false;
        }
        catch (Exception exception)
        {
            PageLog.NotCounted(Logger, exception);
            (_now, _isBehind) = (null, true);
        }
    }
}
