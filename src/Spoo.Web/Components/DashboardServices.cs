using Radzen;
using Spoo.Web.Components.Dashboard;

namespace Spoo.Web.Components;

/// <summary>The pages and their UI library.</summary>
internal static class DashboardServices
{
    public static void AddSpooDashboard(this WebApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddRadzenComponents();
        builder.Services.AddSingleton<ReportHandover>();
    }
}
