using System.Data.Common;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;
using Spoo.Web.Addresses;
using Spoo.Web.Components.Shared;
using Spoo.Web.Identity;
using Spoo.Web.Words;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Components.Links;

/// <summary>The links of an account: found, made, changed and deleted. The address says which are shown, and which dialog is open.</summary>
public sealed partial class LinksPage : ComponentBase, IDisposable
{
    /// <summary>Days that a sparkline tells of, today included.</summary>
    private const int TrendDays = 30;

    private static readonly IReadOnlyList<long> NoTrend = new long[TrendDays];

    private readonly CancellationSeries _loads = new();

    /// <summary>The clicks of each link that was chosen, by its id.</summary>
    private readonly Dictionary<string, long> _selected = [];

    private LinksAddress _address = LinksAddress.Start;
    private LinksAddress? _loaded;
    private IReadOnlyList<Link>? _links;
    private IReadOnlyList<TagCount> _tags = [];
    private IReadOnlyDictionary<string, IReadOnlyList<long>>? _trends;
    private bool _tagsMayDiffer = true;
    private bool _trendsFailed;
    private int? _total;
    private DateTimeOffset _now;
    private bool _loading;
    private bool _failed;

    private bool _allMatching;
    private long _selectedClicks;
    private string? _bulkTag;
    private string? _bulkEnd;
    private bool _working;
    private bool _deleteFailed;
    private string? _notice;
    private bool _noticeIsBad;

    private Viewer _viewer = Viewer.Nobody;

    [Inject]
    public required LinkList Links { get; set; }

    [Inject]
    public required LinkService Service { get; set; }

    [Inject]
    public required StatsService Stats { get; set; }

    [Inject]
    public required ShorteningOptions Options { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [Inject]
    public required TimeProvider Clock { get; set; }

    [Inject]
    public required ILogger<LinksPage> Logger { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    [CascadingParameter(Name = "ViewerZone")]
    public TimeZoneInfo ViewerZone { get; set; } = TimeZones.Utc;

    private long First => ((_address.Page - 1L) * _address.Size) + 1;

    private long SelectedCount => _allMatching ? _total ?? 0 : _selected.Count;

    private bool PageIsSelected => _links is { Count: > 0 } && (_allMatching || _links.All(link => _selected.ContainsKey(link.PublicId)));

    public void Dispose()
    {
        Navigation.LocationChanged -= OnLocationChanged;
        _loads.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        _viewer = (await Authentication).User.Viewer();
        Navigation.LocationChanged += OnLocationChanged;
        _address = LinksAddress.Parse(new Uri(Navigation.Uri).Query);
        await LoadAsync();
    }

    // Raised outside of the component's lifecycle; what goes wrong here must reach the page's error handling all the same.
    private void OnLocationChanged(object? sender, LocationChangedEventArgs change) => _ = InvokeAsync(async () =>
    {
        try
        {
            var address = new Uri(change.Location);
            if (address.AbsolutePath != SpooUrls.Links)
            {
                return;
            }

            _address = LinksAddress.Parse(address.Query);
            _deleteFailed = false;

            // Opening a dialog is a new address and the same list.
            if (_address.Closed != _loaded)
            {
                if (_loaded is not null && _address.Closed with { Page = 1 } != _loaded with { Page = 1 })
                {
                    ClearSelection();
                }

                _notice = null;
                await LoadAsync();
            }

            StateHasChanged();
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    });

    private async Task LoadAsync()
    {
        var cancellation = _loads.Next();
        var address = _loaded = _address.Closed;
        (_loading, _failed) = (true, false);
        StateHasChanged();
        try
        {
            _now = Clock.GetUtcNow();
            var (links, total) = await Links.SelectAsync(address.Selection(_viewer.UserId!, _now), cancellation);
            if (cancellation.IsCancellationRequested)
            {
                return;
            }

            (_links, _total, _loading, _trends, _trendsFailed) = (links, total, false, null, false);
            StateHasChanged();
            if (_tagsMayDiffer)
            {
                // Counting the tags of a hundred thousand links takes longer than finding a page of them.
                _tags = await Links.TagsAsync(_viewer.UserId!, cancellation);
                _tagsMayDiffer = false;
                StateHasChanged();
            }

            await DrawTrendsAsync(links, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Another question came meanwhile.
        }
        catch (DbException exception)
        {
            PageLog.NotRead(Logger, exception);
            (_links, _total, _loading, _failed) = (null, null, false, true);
        }
    }

    /// <summary>One question for all links of the page. A list without its sparklines is still a list.</summary>
    private async Task DrawTrendsAsync(IReadOnlyList<Link> links, CancellationToken cancellationToken)
    {
        var clicked = links.Where(link => link.LastClick > _now.AddDays(-TrendDays - 1)).ToList();
        if (clicked.Count == 0)
        {
            _trends = new Dictionary<string, IReadOnlyList<long>>();
            return;
        }

        var today = TimeZoneInfo.ConvertTime(_now, ViewerZone).Date;
        var query = new StatsQuery
        {
            LinkIds = [.. clicked.Select(link => link.PublicId)],
            Start = Period.StartOfDay(today.AddDays(1 - TrendDays), ViewerZone),
            End = _now,
            Zone = ViewerZone,
            GroupBy = [Dimension.ShortCode, Dimension.Time],
            Interval = TimeBucketWidth.Day,
            Limit = clicked.Count,
            Cross = true,
        };
        try
        {
            var outcome = await Task.Run(() => Stats.AskAsync(query, _viewer, cancellationToken), cancellationToken);
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            _trendsFailed = outcome is not StatsOutcome.Found;
            _trends = outcome is StatsOutcome.Found(var report) ? TrendsIn(report) : null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            PageLog.NotCounted(Logger, exception);
            _trendsFailed = true;
        }
    }

    private static Dictionary<string, IReadOnlyList<long>> TrendsIn(StatsReport report)
    {
        var days = report.Buckets!.All.Index().ToDictionary(bucket => bucket.Item.Label, bucket => bucket.Index);
        var trends = new Dictionary<string, IReadOnlyList<long>>();
        foreach (var cells in report.CrossTabs[0].Cells.GroupBy(cell => cell.FirstLabel))
        {
            var trend = new long[days.Count];
            foreach (var cell in cells)
            {
                trend[days[cell.SecondLabel]] = cell.Count.Clicks;
            }

            trends[cells.Key] = trend;
        }

        return trends;
    }

    // Typing is one step for the browser's back button, and not as many as letters.
    private void Search(string text) => Navigation.NavigateTo(
        (_address.Closed with { Search = text.Length > 0 ? text : null, Page = 1 }).Url, replace: _address.Search is not null);

    private void Go(LinksAddress address) => Navigation.NavigateTo(address.Url);

    private void Select(Link link, bool isChosen)
    {
        if (_allMatching)
        {
            // All but this one: what lies on other pages is not known here, so this page is what remains.
            ClearSelection();
            SelectPage(new ChangeEventArgs { Value = true });
        }

        if (isChosen)
        {
            _selected[link.PublicId] = link.TotalClicks;
        }
        else
        {
            _selected.Remove(link.PublicId);
        }
    }

    private void SelectPage(ChangeEventArgs change)
    {
        _allMatching = false;
        foreach (var link in _links!)
        {
            if (change.Value is true)
            {
                _selected[link.PublicId] = link.TotalClicks;
            }
            else
            {
                _selected.Remove(link.PublicId);
            }
        }
    }

    private void ClearSelection()
    {
        _selected.Clear();
        _allMatching = false;
    }

    private Task SwitchAsync(Link link) => WorkAsync(async () =>
    {
        var edit = new LinkEdit { Status = link.Status == LinkStatus.Inactive ? LinkStatus.Active : LinkStatus.Inactive };
        return await Service.EditManyAsync([link.PublicId], edit, _viewer, CancellationToken.None) is { Changed: 1 }
            ? edit.Status == LinkStatus.Active ? T("{0} is active again.", link.ShortCode) : T("{0} is switched off: whoever follows it is told so.", link.ShortCode)
            : null;
    });

    private Task EditManyAsync(LinkEdit edit) => WorkAsync(async () =>
        Say(await Service.EditManyAsync(await SelectedIdsAsync(), edit, _viewer, CancellationToken.None)));

    private async Task TagManyAsync(bool add)
    {
        if (LinkTag.TryParse(_bulkTag, out var tag))
        {
            await EditManyAsync(add ? new LinkEdit { TagsToAdd = [tag] } : new LinkEdit { TagsToRemove = [tag] });
        }
    }

    /// <summary>Null: nothing that links could end at.</summary>
    private DateTimeOffset? BulkEnd => LinkFields.Instant(_bulkEnd, ViewerZone) is { } end && end > Clock.GetUtcNow() ? end : null;

    /// <param name="end">Null: never.</param>
    private async Task EndManyAsync(DateTimeOffset? end)
    {
        await EditManyAsync(new LinkEdit { ExpireAfter = new(end) });
        _bulkEnd = null;
    }

    private async Task AskToDeleteManyAsync()
    {
        _selectedClicks = _selected.Values.Sum();
        if (_allMatching)
        {
            try
            {
                _selectedClicks = await Links.CountClicksAsync(_address.Selection(_viewer.UserId!, _now), CancellationToken.None);
            }
            catch (DbException exception)
            {
                PageLog.NotRead(Logger, exception);
                (_notice, _noticeIsBad) = (T("The database does not answer. Nothing was changed."), true);
                return;
            }
        }

        Go(_address.Opening("bulk-delete"));
    }

    private Task DeleteAsync(Link link) => DeleteAsync(
        () => Task.FromResult<IReadOnlyCollection<string>>([link.PublicId]), _ => T("{0} and its clicks are deleted.", link.ShortCode));

    private Task DeleteManyAsync() => DeleteAsync(SelectedIdsAsync, count => count == 1 ? T("1 link and its clicks are deleted.") : T("{0} links and their clicks are deleted.", Numbers.Long(count)));

    private async Task DeleteAsync(Func<Task<IReadOnlyCollection<string>>> which, Func<int, string> say)
    {
        await WorkAsync(async () =>
        {
            var done = await Service.DeleteManyAsync(await which(), _viewer, CancellationToken.None);
            ClearSelection();
            return done.Refused == 0
                ? say(done.Changed)
                : T("Deleted: {0}. Not deleted, because blocked or gone already: {1}.", Numbers.Long(done.Changed), Numbers.Long(done.Refused));
        });
        _deleteFailed = _noticeIsBad && _failed;
        if (!_deleteFailed)
        {
            Go(_address.Closed);
        }
    }

    /// <summary>Does something to links, reads the list again, and says what came of it.</summary>
    private async Task WorkAsync(Func<Task<string?>> work)
    {
        if (_working)
        {
            return;
        }

        _working = true;
        try
        {
            // Thousands of links keep the database busy; the circuit has to stay free to draw.
            var notice = await Task.Run(work);
            _tagsMayDiffer = true;
            await LoadAsync();
            (_notice, _noticeIsBad) = (notice ?? T("That did not work: the link is blocked, or deleted."), notice is null);
        }
        catch (DbException exception)
        {
            PageLog.NotSaved(Logger, exception);
            (_notice, _noticeIsBad, _deleteFailed) = (T("The database does not answer. What is listed below is what there is."), true, true);
            await LoadAsync();
        }
        finally
        {
            _working = false;
        }
    }

    private async Task<IReadOnlyCollection<string>> SelectedIdsAsync() => _allMatching
        ? await Links.IdsAsync(_address.Selection(_viewer.UserId!, _now), CancellationToken.None)
        : [.. _selected.Keys];

    private static string Say(ManyLinksOutcome done) => done.Refused == 0
        ? done.Changed == 1 ? T("1 link is changed.") : T("{0} links are changed.", Numbers.Long(done.Changed))
        : T("{0} links are changed; {1} could not be: they are blocked, deleted, or have too many tags.", Numbers.Long(done.Changed), Numbers.Long(done.Refused));

    private async Task SavedAsync(Link link)
    {
        _tagsMayDiffer = true;
        await LoadAsync();
        (_notice, _noticeIsBad) = (_address.Dialog == "edit" ? T("{0} is saved.", link.ShortCode) : null, false);
    }

    private string Short(string code) => SpooUrls.ShortLink(Navigation.BaseUri, Options, code);

    private string Day(DateTimeOffset moment) => DateFormats.Day(TimeZoneInfo.ConvertTime(moment, ViewerZone));

    private IEnumerable<(string Icon, string Says)> Badges(Link link)
    {
        if (link.PasswordHash is not null)
        {
            yield return (Icons.Lock, T("Asks for a password"));
        }

        if (link.MaxClicks is { } limit)
        {
            yield return (Icons.Gauge, T("Ends after {0} clicks", Numbers.Long(limit)));
        }

        if (link.ExpireAfter is { } end)
        {
            yield return (Icons.Clock, end > _now ? T("Ends on {0}", Day(end)) : T("Ended on {0}", Day(end)));
        }

        if (link.BlockBots == true)
        {
            yield return (Icons.Shield, T("Turns bots away"));
        }

        if (link.PrivateStats != true)
        {
            yield return (Icons.Eye, T("Its statistics are public"));
        }
    }

    private static string Name(LinkStatus status) => status switch
    {
        LinkStatus.Active => T("active"),
        LinkStatus.Inactive => T("inactive"),
        LinkStatus.Expired => T("expired"),
        _ => T("blocked"),
    };

    private static string? Word(bool? flag) => flag is null ? null : flag.Value ? "yes" : "no";

    private static bool? Flag(string word) => word.Length == 0 ? null : word == "yes";

    private static string Destination(string url) => Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Host.Length > 0
        ? parsed.Host + parsed.PathAndQuery.TrimEnd('/')
        : url.Length == 0 ? T("no destination yet") : url;
}
