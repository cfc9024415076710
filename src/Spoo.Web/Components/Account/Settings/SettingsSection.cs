using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;
using Spoo.Data.Accounts;
using Spoo.Web.Addresses;

namespace Spoo.Web.Components.Account.Settings;

/// <summary>A part of the settings: a card with one form. It comes back to itself when it has done what it was told.</summary>
public abstract class SettingsSection : ComponentBase
{
    [Inject]
    public required UserManager<SpooUser> Users { get; set; }

    [Inject]
    public required SignInManager<SpooUser> SignIn { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    /// <summary>Whose settings these are.</summary>
    [CascadingParameter]
    public required SpooUser Account { get; set; }

    [SupplyParameterFromQuery(Name = "done")]
    private string? DoneIn { get; set; }

    /// <summary>The name of the section in addresses.</summary>
    protected abstract string Id { get; }

    /// <summary>Whether the page was opened because this section has just done something.</summary>
    protected bool IsDone => DoneIn == Id;

    /// <summary>Shows the settings again, with this section's word that it is done. The cookie learns what changed about the account.</summary>
    protected async Task DoneAsync()
    {
        await SignIn.RefreshSignInAsync(Account);
        Navigation.NavigateTo(SpooUrls.SettingsDone(Id));
    }
}
