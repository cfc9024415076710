using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;
using MudBlazor;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Destinations;
using Spoo.Data.Links.Domains;
using Spoo.Data.Links.Missed;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Data.Stats.Report;
using Spoo.Web.Addresses;
using Spoo.Web.Components.Shared;
using Spoo.Web.Identity;
using Spoo.Web.Words;
using static Spoo.Web.Words.Plurals;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Components.Links;

/// <summary>The links of an account: found, made, changed and deleted. The address says which are shown, and which dialog is open.</summary>
public sealed partial class LinksPage : ComponentBase, IDisposable
{
    private readonly CancellationSeries _loads = new();

    /// <summary>The clicks of each link that was chosen, by its id.</summary>
    private readonly Dictionary<string, long> _selected = [];

    private LinksAddress _address = LinksAddress.Start;
    private LinksAddress? _loaded;
    private IReadOnlyList<Link>? _links;
    private IReadOnlyList<TagCount> _tags = [];
    private IReadOnlyList<Domain> _domains = [];
    private IReadOnlyDictionary<string, IReadOnlyList<long>>? _trends;
    private bool _tagsMayDiffer = true;
    private bool _seesMissed;
    private bool _trendsFailed;
    private int? _total;
    private DateTimeOffset _now;
    private bool _loading;
    private bool _failed;

    private bool _allMatching;
    private long _selectedClicks;
    private bool _working;
    private bool _deleteFailed;
    private string? _fault;

    private Viewer _viewer = Viewer.Nobody;

    [Inject]
    public required LinkList Links { get; set; }

    [Inject]
    public required LinkService Service { get; set; }

    [Inject]
    public required DomainService Domains { get; set; }

    [Inject]
    public required MissedCodes Missed { get; set; }

    [Inject]
    public required StatsService Stats { get; set; }

    [Inject]
    public required ShorteningOptions Options { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [Inject]
    public required TimeProvider Clock { get; set; }

    [Inject]
    public required ISnackbar Snackbar { get; set; }

    [Inject]
    public required ILogger<LinksPage> Logger { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    [CascadingParameter(Name = "ViewerZone")]
    public TimeZoneInfo ViewerZone { get; set; } = TimeZones.Utc;

    private long First => ((_address.Page - 1L) * _address.Size) + 1;

    private int Pages => (int)((((_total ?? 0) - 1L) / _address.Size) + 1);

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
            var address = Navigation.Below(change.Location);
            if (!SpooUrls.Is(SpooUrls.Links, address))
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

                _fault = null;
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
                _domains = await Domains.UsableAsync(_viewer, cancellation);
                _seesMissed = await Missed.MaySeeAnyAsync(_viewer, cancellation);
                _tagsMayDiffer = false;
                StateHasChanged();
            }

            await DrawTrendsAsync(links, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Another question came meanwhile.
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            PageLog.NotRead(Logger, exception);
            (_links, _total, _loading, _failed) = (null, null, false, true);
        }
    }

    /// <summary>One question for all links of the page. A list without its sparklines is still a list.</summary>
    private async Task DrawTrendsAsync(IReadOnlyList<Link> links, CancellationToken cancellationToken)
    {
        var clicked = links.Where(link => link.LastClick > _now.AddDays(-LinkTrends.Days - 1)).ToList();
        if (clicked.Count == 0)
        {
            _trends = new Dictionary<string, IReadOnlyList<long>>();
            return;
        }

        var query = LinkTrends.Question(clicked, _now, ViewerZone);
        try
        {
            var outcome = await Task.Run(() => Stats.AskAsync(query, _viewer, cancellationToken), cancellationToken);
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            _trendsFailed = outcome is not StatsOutcome.Found;
            _trends = outcome is StatsOutcome.Found(var report) ? LinkTrends.In(report) : null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            PageLog.NotCounted(Logger, exception);
            _trendsFailed = true;
        }
    }

    // Typing is one step for the browser's back button, and not as many as letters.
    private void Search(string text) => Navigation.NavigateTo(
        (_address.Closed with { Search = text.Length > 0 ? text : null, Page = 1 }).Url, replace: _address.Search is not null);

    private void FilterDomain(string? host) => Go(_address.Closed with { Domain = string.IsNullOrEmpty(host) ? null : host, Page = 1 });

    private void FilterStatus(string? status) =>
        Filter(_address with { Status = Enum.TryParse<LinkStatus>(status, true, out var known) ? known : null });

    private void FilterTag(string? tag) => Filter(_address with { Tag = string.IsNullOrWhiteSpace(tag) ? null : tag });

    private void Filter(LinksAddress address) => Go(address.Closed with { Page = 1 });

    private Task<IEnumerable<string>> FindTagsAsync(string? text, CancellationToken cancellationToken) => Task.FromResult(
        _tags.Select(tag => tag.Name).Where(tag => string.IsNullOrEmpty(text) || text == _address.Tag || tag.Contains(text.Trim(), StringComparison.OrdinalIgnoreCase)));

    private static string Chosen(bool isChosen) => isChosen ? "filter chosen" : "filter";

    private bool Has(LinkListColumn column) => _address.Columns.Contains(column);

    private static string Title(LinkListColumn column) => column switch
    {
        LinkListColumn.Tags => T("Tags"),
        LinkListColumn.Note => T("Note"),
        LinkListColumn.Trend => T("30 days"),
        LinkListColumn.Clicks => T("Clicks"),
        LinkListColumn.LastClick => T("Last click"),
        LinkListColumn.Created => T("Created"),
        _ => T("Expires"),
    };

    private void Go(LinksAddress address) => Navigation.NavigateTo(address.Url);

    private bool IsSelected(Link link) => _allMatching || _selected.ContainsKey(link.PublicId);

    private void Select(Link link, bool isChosen)
    {
        if (_allMatching)
        {
            // All but this one: what lies on other pages is not known here, so this page is what remains.
            ClearSelection();
            SelectPage(true);
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

    private void SelectPage(bool isChosen)
    {
        _allMatching = false;
        foreach (var link in _links!)
        {
            if (isChosen)
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
        return await Service.EditManyAsync([link.PublicId], edit, _viewer, null, CancellationToken.None) is { Changed: 1 }
            ? edit.Status == LinkStatus.Active ? T("{0} is active again.", link.Name) : T("{0} is switched off: whoever follows it is told so.", link.Name)
            : null;
    });

    private Task EditManyAsync(LinkEdit edit) => WorkAsync(async () =>
        Say(await Service.EditManyAsync(await SelectedIdsAsync(), edit, _viewer, new Uri(Navigation.BaseUri).Authority, CancellationToken.None)));

    // What has gone out of the list is not chosen in it any more.
    private async Task ArchiveManyAsync(bool isArchived)
    {
        await EditManyAsync(new LinkEdit { IsArchived = isArchived });
        ClearSelection();
    }

    private async Task ChangeManyAsync(LinkEdit edit)
    {
        await EditManyAsync(edit);
        Go(_address.Closed);
    }

    private async Task TagManyAsync(IReadOnlyList<string> tags, bool add)
    {
        await EditManyAsync(add ? new LinkEdit { TagsToAdd = tags } : new LinkEdit { TagsToRemove = tags });
        Go(_address.Closed);
    }

    /// <param name="end">Null: never.</param>
    private async Task EndManyAsync(DateTimeOffset? end)
    {
        await EditManyAsync(new LinkEdit { ExpireAfter = new(end) });
        Go(_address.Closed);
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
            catch (Exception exception) when (StoreFailure.Is(exception))
            {
                PageLog.NotRead(Logger, exception);
                _fault = T("The database does not answer. Nothing was changed.");
                return;
            }
        }

        Go(_address.Opening("bulk-delete"));
    }

    private Task DeleteAsync(Link link) => DeleteAsync(
        () => Task.FromResult<IReadOnlyCollection<string>>([link.PublicId]), _ => T("{0} and its clicks are deleted.", link.Name));

    private Task DeleteManyAsync() => DeleteAsync(SelectedIdsAsync, count => N(count, "{0} link and its clicks are deleted.", "{0} links and their clicks are deleted."));

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
        _deleteFailed = _fault is not null && _failed;
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

        (_working, _fault) = (true, null);
        try
        {
            // Thousands of links keep the database busy; the circuit has to stay free to draw.
            var notice = await Task.Run(work);
            _tagsMayDiffer = true;
            await LoadAsync();
            if (notice is not null)
            {
                Snackbar.Add(notice, Severity.Success);
            }
            else
            {
                _fault = T("That did not work: the link is blocked, or deleted.");
            }
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            PageLog.NotSaved(Logger, exception);
            await LoadAsync();
            (_fault, _deleteFailed) = (T("The database does not answer. What is listed below is what there is."), true);
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
        ? N(done.Changed, "{0} link is changed.", "{0} links are changed.")
        : done.First is { } refusal ? N(
            done.Changed,
            "{0} link is changed, and {1} not: {2}",
            "{0} links are changed, and {1} not: {2}",
            Numbers.Long(done.Refused),
            LinkFields.Faults(refusal).Values.First())
        : N(
            done.Changed,
            "{0} link is changed; of the others, blocked, deleted or with too many tags: {1}.",
            "{0} links are changed; of the others, blocked, deleted or with too many tags: {1}.",
            Numbers.Long(done.Refused));

    private async Task SavedAsync(Link link)
    {
        _tagsMayDiffer = true;
        await LoadAsync();
        if (_address.Dialog == "edit")
        {
            Snackbar.Add(T("{0} is saved.", link.Name), Severity.Success);
        }
    }

    private string Short(string name) => SpooUrls.ShortLink(Navigation.BaseUri, Options, name);

    private string Day(DateTimeOffset moment) => DateFormats.Day(TimeZoneInfo.ConvertTime(moment, ViewerZone));

    private static string Name(LinkStatus status) => status switch
    {
        LinkStatus.Active => T("active"),
        LinkStatus.Inactive => T("inactive"),
        LinkStatus.Expired => T("expired"),
        _ => T("blocked"),
    };

    private static string Destination(string url) => Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Host.Length > 0
        ? parsed.Host + parsed.PathAndQuery.TrimEnd('/')
        : url.Length == 0 ? T("no destination yet") : url;
}
