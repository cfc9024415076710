using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.JSInterop;
using Spoo.Data.Database;
using Spoo.Data.Transfer;
using Spoo.Data.Transfer.ClickFiles;
using Spoo.Data.Transfer.ClickFiles.Formats;
using Spoo.Data.Transfer.Imports;
using Spoo.Web.Components.Shared;
using Spoo.Web.Identity;
using static Spoo.Web.Words.Plurals;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Components.Import;

/// <summary>Files of clicks are looked at first, and read by what is said about them; then they are checked or imported, one after the other.</summary>
public sealed partial class ImportPage
{
    private static readonly IReadOnlyList<(string Name, string Title)> Formats = [.. ClickFileFormats.Importable.Select(format => (format.Name, format.Title))];

    private IReadOnlyList<IBrowserFile> _files = [];
    private FileHead? _head;
    private ImportChoices _choices = ImportChoices.None;
    private IReadOnlyList<PreviewedFile> _previews = [];
    private (long Lines, long Clicks, long Totals, long Bad, long NotClicks)? _checked;
    private bool _isRemembered;
    private bool _isLooking;
    private bool _isChecking;
    private CancellationTokenSource? _running;
    private CancellationTokenSource? _looking;
    private int _at;
    private (long Bytes, long Lines, long Stored) _done;
    private ImportProgress _progress;
    private ImportPace? _pace;
    private readonly List<(string Name, ImportReport Report)> _reports = [];
    private UndoOutcome.Done? _undone;
    private ImportList? _list;
    private string? _error;

    [Inject]
    public required ClickImport Import { get; set; }

    [Inject]
    public required ImportRecords Records { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [Inject]
    public required TimeProvider Clock { get; set; }

    [Inject]
    public required ILogger<ImportPage> Logger { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    /// <summary>The import that is to be undone. Null: none.</summary>
    [SupplyParameterFromQuery]
    public int? Undo { get; set; }

    private long TotalBytes => _files.Sum(file => file.Size);

    private IReadOnlyList<ReadFile> First => _previews is [{ Check.Report.Files: var files }, ..] ? files : [];

    private bool CanImport => _files.Count > 0 && !_isLooking && _previews.All(preview => preview is { Fault: null });

    public void Dispose()
    {
        _running?.Cancel();
        _looking?.Cancel();
    }

    private static string Lines(long lines) => N(lines, "{0} line", "{0} lines");

    private void Stop() => _running?.Cancel();

    private void Forget(UndoOutcome.Done undone)
    {
        _undone = undone;
        _reports.RemoveAll(file => file.Report.ImportId == undone.Import.Id);
    }

    private async Task<string> OwnerAsync() => (await Authentication).User.Viewer().UserId!;

    private Task ChooseAsync(IReadOnlyList<IBrowserFile> files)
    {
        (_files, _head, _choices, _isRemembered, _undone) = (files, null, ImportChoices.None, false, null);
        _reports.Clear();
        return LookAsync();
    }

    private Task SayAsync(ImportChoices choices)
    {
        (_choices, _isRemembered) = (choices, false);
        return LookAsync();
    }

    /// <summary>Shows how the files begin and how they would be read. A newer look takes the place of one that goes on.</summary>
    private async Task LookAsync()
    {
        _looking?.Cancel();
        using var looking = _looking = new CancellationTokenSource();
        (_previews, _checked, _error, _isLooking) = ([], null, null, true);
        try
        {
            var owner = await OwnerAsync();
            if (_head is null && _files.Count > 0)
            {
                await using var content = Open(_files[0], looking.Token);
                _head = await FileHead.ReadAsync(_files[0].Name, content, looking.Token);
                if (_head.Header is { } header && await Records.LastChoicesAsync(owner, ImportKind.Clicks, header, looking.Token) is { } last && last != ImportChoices.None)
                {
                    (_choices, _isRemembered) = (last, true);
                }
            }

            var previews = new List<PreviewedFile>();
            foreach (var file in _files)
            {
                await using var content = Open(file, looking.Token);
                previews.Add(new PreviewedFile(file.Name, await Import.PreviewAsync(ToImport(file, content, owner), looking.Token)));
            }

            _previews = previews;
        }
        catch (OperationCanceledException) when (_looking != looking || looking.IsCancellationRequested)
        {
            // Something else was said meanwhile.
            return;
        }
        catch (Exception exception) when (exception is ClickFileException or IOException or JSException || StoreFailure.Is(exception))
        {
            _error = InWords(exception);
            _files = [];
        }

        _isLooking = false;
        _looking = null;
    }

    private Task<bool> CheckAsync() => RunAsync(isChecking: true, async (file, cancellation) =>
    {
        var check = await Import.CheckAsync(file, new Heard(this), cancellation);
        var sum = _checked ?? default;
        _checked = (sum.Lines + check.Report.Lines, sum.Clicks + check.Clicks, sum.Totals + check.Totals, sum.Bad + check.Report.Bad, sum.NotClicks + check.Report.NotClicks);
    });

    private async Task ImportAsync()
    {
        _reports.Clear();
        var isWhole = await RunAsync(isChecking: false, async (file, cancellation) => _reports.Add((file.Name, await Import.RunAsync(file, new Heard(this), cancellation))));
        if (isWhole)
        {
            (_files, _head, _previews, _checked) = ([], null, [], null);
        }

        await (_list?.ReloadAsync() ?? Task.CompletedTask);
    }

    /// <summary>Goes through the files, one after the other.</summary>
    /// <returns>Whether it came to the end of the last one.</returns>
    private async Task<bool> RunAsync(bool isChecking, Func<ClickFileToImport, CancellationToken, Task> work)
    {
        var owner = await OwnerAsync();
        using var running = _running = new CancellationTokenSource();
        (_error, _checked, _isChecking, _done, _progress, _pace) = (null, null, isChecking, default, default, new ImportPace(Clock));
        var drawing = Redrawing.UntilAsync(Clock, StateHasChanged, running.Token);
        try
        {
            for (_at = 0; _at < _files.Count; _at++)
            {
                var file = _files[_at];
                await using var content = Open(file, running.Token);

                // Reading User-Agents keeps a processor busy; the circuit has to stay free to show how far it is.
                await Task.Run(() => work(ToImport(file, content, owner), running.Token), running.Token);
                (_done, _progress) = ((_done.Bytes + file.Size, _done.Lines + _progress.Lines, _done.Stored + _progress.Stored), default);
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            _error = isChecking ? null
                : T("Stopped after {0}; {1} of them were added. Importing the file again adds the rest.", Lines(_done.Lines + _progress.Lines), Words.Numbers.Clicks(_done.Stored + _progress.Stored));
        }
        catch (Exception exception) when (exception is ClickFileException or JSException || StoreFailure.Is(exception))
        {
            _error = InWords(exception);
        }
        finally
        {
            await running.CancelAsync();
            await drawing;
            _running = null;
        }

        return false;
    }

    private string InWords(Exception exception)
    {
        var stored = _done.Stored + _progress.Stored;
        if (exception is ClickFileException { Reason: var reason })
        {
            return T(reason) + (stored > 0 ? " " + N(stored, "{0} click was added before.", "{0} clicks were added before.") : "");
        }

        PageLog.NotImported(Logger, exception);
        return exception is IOException or JSException
            ? T("The file cannot be read any more. Choose it again.")
            : $"{Words.CountingWords.Of(exception)} {N(stored, "{0} click was added before; importing the file again adds the rest.", "{0} clicks were added before; importing the file again adds the rest.")}";
    }

    private static Stream Open(IBrowserFile file, CancellationToken cancellationToken) => file.OpenReadStream(maxAllowedSize: long.MaxValue, cancellationToken);

    private ClickFileToImport ToImport(IBrowserFile file, Stream content, string owner) => new()
    {
        Name = file.Name,
        Content = content,
        OwnerId = owner,
        OwnHost = new Uri(Navigation.BaseUri).Authority,
        Format = ClickChoices.Format(_choices),
        Options = ClickChoices.Options(_choices),
    };

    /// <summary>Hears on whichever thread stored a batch; the page is drawn a few times a second.</summary>
    private sealed class Heard(ImportPage page) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => page._progress = value;
    }
}
