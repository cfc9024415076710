using Radzen;

namespace Spoo.Web.Components;

/// <summary>The pages and their UI library.</summary>
internal static class DashboardServices
{
    public static void AddSpooDashboard(this WebApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddRadzenComponents();
        builder.Services.AddRadzenCookieThemeService(options =>
        {
            options.Name = "theme";
            options.Duration = TimeSpan.FromDays(365);
        });
    }
}
