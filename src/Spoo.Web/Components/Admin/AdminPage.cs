using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;
using MudBlazor;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Stats.Question;
using Spoo.Web.Addresses;
using Spoo.Web.Components.Shared;
using Spoo.Web.Identity;
using Spoo.Web.Words;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Components.Admin;

/// <summary>What all pages of the administration do: read what the address asks for, and act for an administrator who still is one.</summary>
public abstract class AdminPage : ComponentBase, IDisposable
{
    private readonly CancellationSeries _loads = new();

    [Inject]
    public required Administrators Administrators { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [Inject]
    public required ISnackbar Snackbar { get; set; }

    [Inject]
    public required ILoggerFactory Loggers { get; set; }

    [Inject]
    public required ShorteningOptions Shortening { get; set; }

    [CascadingParameter]
    public required Task<AuthenticationState> Authentication { get; set; }

    [CascadingParameter(Name = "ViewerZone")]
    public TimeZoneInfo ViewerZone { get; set; } = TimeZones.Utc;

    /// <summary>The page's own path.</summary>
    protected abstract string Path { get; }

    private protected AdminAddress Address { get; private set; } = new() { Path = SpooUrls.Admin };

    /// <summary>The administrator's own account.</summary>
    protected string Me { get; private set; } = "";

    protected bool IsLoading { get; private set; }

    /// <summary>Whether what is to be shown could not be read.</summary>
    protected bool HasFailed { get; private set; }

    protected bool IsWorking { get; private set; }

    /// <summary>Why what was just asked for was not done. Null: it was.</summary>
    protected string? Fault { get; set; }

    public void Dispose()
    {
        Navigation.LocationChanged -= OnLocationChanged;
        _loads.Dispose();
        GC.SuppressFinalize(this);
    }

    protected override async Task OnInitializedAsync()
    {
        Me = (await Authentication).User.Viewer().UserId ?? "";
        Navigation.LocationChanged += OnLocationChanged;
        Address = AdminAddress.Parse(Path, new Uri(Navigation.Uri).Query);
        await ReloadAsync();
    }

    /// <summary>Reads what the address asks for.</summary>
    protected abstract Task LoadAsync(CancellationToken cancellationToken);

    protected async Task ReloadAsync()
    {
        var cancellation = _loads.Next();
        (IsLoading, HasFailed) = (true, false);
        StateHasChanged();
        try
        {
            await LoadAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Another question came meanwhile.
            return;
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            PageLog.NotRead(Loggers.CreateLogger(GetType()), exception);
            HasFailed = true;
        }

        IsLoading = false;
        StateHasChanged();
    }

    /// <summary>Does something that administrators alone may do, and reads the page again.</summary>
    /// <param name="act">Says why it was not done; null when it was.</param>
    /// <param name="done">What is said when it was. Null: the page shows it.</param>
    /// <param name="thenClose">Whether the dialog is closed.</param>
    protected async Task ActAsync(Func<Task<Refusal?>> act, string? done, bool thenClose = true)
    {
        if (IsWorking)
        {
            return;
        }

        (IsWorking, Fault) = (true, null);
        try
        {
            // The page was opened by one; that was then.
            if (!await Administrators.HasAsync(Me, default))
            {
                Navigation.NavigateTo(SpooUrls.AccountDashboard, forceLoad: true);
                return;
            }

            if (await act() is { } no)
            {
                Fault = InWords(no);
                return;
            }

            if (done is not null)
            {
                Snackbar.Add(done, Severity.Success);
            }

            if (thenClose && Address.Dialog is not null)
            {
                Navigation.NavigateTo(Address.Closed.Url);
            }

            await ReloadAsync();
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            PageLog.NotSaved(Loggers.CreateLogger(GetType()), exception);
            Fault = T("It did not work: the database does not answer.");
        }
        finally
        {
            IsWorking = false;
        }
    }

    /// <summary>Where a link says where it leads, on whichever domain it is.</summary>
    protected string Preview(string name) => SpooUrls.ShortLink(Navigation.BaseUri, Shortening, name) + "+";

    private protected void Go(AdminAddress address) => Navigation.NavigateTo(address.Url);

    protected string PageUrl(int page) => (Address.Closed with { Page = page }).Url;

    protected void Search(string text) => Go(Address.Closed with { Search = text.Length == 0 ? null : text, Page = 1 });

    protected string Moment(DateTimeOffset moment)
    {
        var local = TimeZoneInfo.ConvertTime(moment, ViewerZone);
        return $"{DateFormats.Day(local)}, {local.ToString("t", System.Globalization.CultureInfo.CurrentCulture)}";
    }

    protected string Day(DateTimeOffset moment) => DateFormats.Day(TimeZoneInfo.ConvertTime(moment, ViewerZone));

    private static string InWords(Refusal no) => no.Code == Administrators.LastOne.Code
        ? T("This is the last administrator: make somebody else one first.")
        : T(no.Message);

    private void OnLocationChanged(object? sender, LocationChangedEventArgs change) => _ = InvokeAsync(async () =>
    {
        try
        {
            var address = Navigation.Below(change.Location);
            if (!SpooUrls.Is(Path, address))
            {
                return;
            }

            var before = Address;
            Address = AdminAddress.Parse(Path, address.Query);
            Fault = null;

            // Opening a dialog is a new address and the same list.
            if (Address.Closed != before.Closed)
            {
                await ReloadAsync();
            }

            StateHasChanged();
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    });
}
