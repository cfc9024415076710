using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.JSInterop;
using Spoo.Data.Database;
using Spoo.Data.Transfer;
using Spoo.Data.Transfer.Imports;
using Spoo.Data.Transfer.LinkFiles;
using Spoo.Web.Components.Import;
using Spoo.Web.Components.Shared;
using Spoo.Web.Identity;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Components.Links;

/// <summary>Files of links are read into a plan, by what is said about them; nothing is stored before the plan is confirmed.</summary>
public sealed partial class LinksImportPage
{
    private const int Shown = 10;
    private const int MaxMegabytes = 50;

    private static readonly IReadOnlyList<(string Name, string Title)> Formats = [.. LinkFileFormats.All.Select(format => (format.Name, format.Title))];

    private static readonly IReadOnlyList<string> Fields =
        [.. Enum.GetValues<LinkColumn>().Where(column => column is not (LinkColumn.ImportedClicks or LinkColumn.LastClick)).Select(LinkColumns.NameOf)];

    private IReadOnlyList<IBrowserFile> _files = [];
    private FileHead? _head;
    private ImportChoices _choices = ImportChoices.None;
    private bool _isRemembered;
    private IReadOnlyList<(string Name, LinkFilePlan Plan)> _plans = [];
    private CancellationTokenSource? _running;
    private ImportPace? _pace;
    private int _at;
    private long _read;
    private CountedStream? _content;
    private bool _isStoring;
    private int _stored;
    private int? _made;
    private ToldTotals _totals;
    private string? _error;
    private ImportList? _list;

    [Inject]
    public required LinkImport Import { get; set; }

    [Inject]
    public required ImportRecords Records { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [Inject]
    public required TimeProvider Clock { get; set; }

    [Inject]
    public required ILogger<LinksImportPage> Logger { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    /// <summary>The import that is to be undone. Null: none.</summary>
    [SupplyParameterFromQuery]
    public int? Undo { get; set; }

    private long TotalBytes => _files.Sum(file => file.Size);

    private IEnumerable<LinkFilePlan> Plans => _plans.Select(file => file.Plan);

    private int New => Plans.Sum(plan => plan.New.Count);

    private int Bad => Plans.Sum(plan => plan.Bad);

    public void Dispose() => _running?.Cancel();

    private void Restart() => (_files, _head, _plans, _made, _error) = ([], null, [], null, null);

    private Task ChooseAsync(IReadOnlyList<IBrowserFile> files)
    {
        Restart();
        if (files.Sum(file => file.Size) > MaxMegabytes * 1_000_000L)
        {
            _error = T("The files are larger than {0} MB together.", MaxMegabytes);
            return Task.CompletedTask;
        }

        (_files, _choices, _isRemembered) = (files, ImportChoices.None, false);
        return TryAsync(ReadAsync);
    }

    private Task SayAsync(ImportChoices choices)
    {
        (_choices, _isRemembered) = (choices, false);
        return TryAsync(ReadAsync);
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var owner = (await Authentication).User.Viewer().UserId!;
        (_plans, _read, _at, _isStoring, _pace) = ([], 0, 0, false, new ImportPace(Clock));
        if (_head is null)
        {
            await using var beginning = Open(_files[0], cancellationToken);
            _head = await FileHead.ReadAsync(_files[0].Name, beginning, cancellationToken);
            if (_head.Header is { } header && await Records.LastChoicesAsync(owner, ImportKind.Links, header, cancellationToken) is { } last && last != ImportChoices.None)
            {
                (_choices, _isRemembered) = (last, true);
            }
        }

        var plans = new List<(string, LinkFilePlan)>();
        for (; _at < _files.Count; _at++)
        {
            await using var content = Open(_files[_at], cancellationToken);
            await using var counted = _content = new CountedStream(content);
            plans.Add((_files[_at].Name, await Import.ReadAsync(
                new LinkFileToImport
                {
                    Name = _files[_at].Name,
                    Content = counted,
                    OwnerId = owner,
                    OwnHost = new Uri(Navigation.BaseUri).Authority,
                    Options = LinkChoices.Options(_choices),
                },
                cancellationToken)));
            (_read, _content) = (_read + _files[_at].Size, null);
        }

        _plans = plans;
    }

    private static Stream Open(IBrowserFile file, CancellationToken cancellationToken) => file.OpenReadStream(MaxMegabytes * 1_000_000L, cancellationToken);

    private async Task StoreAsync()
    {
        var owner = (await Authentication).User.Viewer().UserId!;
        (_stored, _isStoring, _totals) = (0, true, default);
        var made = 0;
        await TryAsync(async cancellation =>
        {
            foreach (var (_, plan) in _plans)
            {
                // Thousands of links keep the database busy; the circuit has to stay free to draw.
                var before = _stored;
                var stored = await Task.Run(() => Import.StoreAsync(plan, owner, new Heard(stored => _stored = before + stored), cancellation), cancellation);
                made += stored.Links;
                _totals = new(_totals.Told + stored.Totals.Told, _totals.Counted + stored.Totals.Counted);
            }

            _made = made;
        });
        await (_list?.ReloadAsync() ?? Task.CompletedTask);
    }

    private async Task TryAsync(Func<CancellationToken, Task> work)
    {
        using var running = _running = new CancellationTokenSource();
        _error = null;
        var drawing = Redrawing.UntilAsync(Clock, StateHasChanged, running.Token);
        try
        {
            await work(running.Token);
        }
        catch (ClickFileException exception)
        {
            _error = T(exception.Reason);
        }
        catch (Exception exception) when (exception is IOException or JSException || StoreFailure.Is(exception))
        {
            PageLog.NotImported(Logger, exception);
            _error = exception is IOException or JSException
                ? T("The file cannot be read any more. Choose it again.")
                : T("The database does not answer. Importing the file again adds what is missing.");
        }
        catch (OperationCanceledException)
        {
            _error = _isStoring ? T("Stopped. What is stored by then stays, and importing again adds the rest.") : null;
        }
        finally
        {
            await running.CancelAsync();
            await drawing;
            _running = null;
        }
    }

    private sealed class Heard(Action<int> heard) : IProgress<int>
    {
        public void Report(int value) => heard(value);
    }
}
