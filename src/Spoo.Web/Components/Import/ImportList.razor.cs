using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using Spoo.Data;
using Spoo.Data.Database;
using Spoo.Data.Stats.Question;
using Spoo.Data.Transfer.Imports;
using Spoo.Web.Addresses;
using Spoo.Web.Components.Shared;
using Spoo.Web.Identity;
using Spoo.Web.Words;
using static Spoo.Web.Words.Plurals;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Components.Import;

/// <summary>The list, and the question before an import is undone.</summary>
public sealed partial class ImportList
{
    private const int Shown = 10;

    private IReadOnlyList<ImportRecord>? _imports;
    private string _owner = "";
    private int? _open;
    private bool _all;
    private bool _failed;
    private bool _isWorking;
    private string? _fault;

    [Inject]
    public required ImportRecords Records { get; set; }

    [Inject]
    public required ImportUndo Undoing { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [Inject]
    public required ISnackbar Snackbar { get; set; }

    [Inject]
    public required ILogger<ImportList> Logger { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    [CascadingParameter(Name = "ViewerZone")]
    public TimeZoneInfo ViewerZone { get; set; } = TimeZones.Utc;

    [Parameter, EditorRequired]
    public required ImportKind Kind { get; set; }

    /// <summary>The number of the import that is asked about. Null: none.</summary>
    [Parameter]
    public int? Undo { get; set; }

    /// <summary>The page without that question.</summary>
    [Parameter, EditorRequired]
    public required string CloseUrl { get; set; }

    /// <summary>Hears what became of undoing one.</summary>
    [Parameter]
    public EventCallback<UndoOutcome.Done> Undone { get; set; }

    /// <summary>Reads the list again, after an import.</summary>
    public async Task ReloadAsync()
    {
        try
        {
            var imports = await Records.ListAsync(_owner, CancellationToken.None);
            (_imports, _failed) = ([.. imports.Where(import => import.Kind == Kind)], false);
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            PageLog.NotRead(Logger, exception);
            _failed = true;
        }

        StateHasChanged();
    }

    protected override async Task OnInitializedAsync()
    {
        _owner = (await Authentication).User.Viewer().UserId ?? "";
        await ReloadAsync();
    }

    protected override void OnParametersSet() => _fault = null;

    private string UndoUrl(int id) => SpooUrls.ImportUndo(CloseUrl, id);

    private static bool HasDetails(ImportRecord import) => import.Findings is not null;

    private bool CanBeUndone(ImportRecord import) =>
        import.State != ImportState.Undone && !Records.IsRunning(import) && (import.Clicks > 0 || import.Links > 0 || import.Totals > 0 || import.State == ImportState.Undoing);

    // Null: there is nothing special about it.
    private string? StateOf(ImportRecord import) => import.State switch
    {
        ImportState.Running => Records.IsRunning(import) ? T("Running") : T("Stopped"),
        ImportState.Stopped => T("Stopped"),
        ImportState.Undoing => T("Half undone"),
        ImportState.Undone => T("Undone"),
        _ => null,
    };

    private async Task UndoAsync(int id)
    {
        (_isWorking, _fault) = (true, null);
        try
        {
            // Deleting millions of clicks takes a while, in which the circuit has to stay free to draw.
            var outcome = await Task.Run(() => Undoing.UndoAsync(id, _owner, null, CancellationToken.None));
            await ReloadAsync();
            switch (outcome)
            {
                case UndoOutcome.Done done:
                    Snackbar.Add(
                        T("{0} and {1} removed", Numbers.Clicks(done.Clicks + done.Totals), N(done.Links, "{0} link", "{0} links")) + (done.Kept.Kept > 0 ? "; " + N(done.Kept.Kept, "{0} link stays", "{0} links stay") : ""),
                        Severity.Success);
                    await Undone.InvokeAsync(done);
                    Navigation.NavigateTo(CloseUrl);
                    break;
                case UndoOutcome.Refused refused:
                    _fault = T(refused.Why);
                    break;
            }
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            PageLog.NotImported(Logger, exception);
            _fault = $"{CountingWords.Of(exception)} {T("Undoing the import again goes on from there.")}";
        }
        finally
        {
            _isWorking = false;
        }
    }
}
