using Microsoft.AspNetCore.Components.Server.Circuits;
using Radzen;
using Spoo.Web.Components.Dashboard;
using Spoo.Web.Components.Public;
using Spoo.Web.Components.Shared;

namespace Spoo.Web.Components;

/// <summary>The pages and their UI library.</summary>
internal static class DashboardServices
{
    public static void AddSpooDashboard(this WebApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddRadzenComponents();
        builder.Services.AddSingleton<ReportHandover>();
        builder.Services.AddScoped<LiveConnection>();
        builder.Services.AddScoped<CircuitHandler>(provider => provider.GetRequiredService<LiveConnection>());
        builder.Services.AddOptions<PublicOptions>().BindConfiguration(PublicOptions.Section);
        builder.Services.AddSingleton<PublicReports>();
        builder.Services.AddSingleton<PublicLive>();
    }

    /// <summary>What stands beside the pages for everybody.</summary>
    public static void MapPublicPages(this WebApplication app)
    {
        var live = new Lazy<PublicLive>(app.Services.GetRequiredService<PublicLive>);
        app.MapGet(SpooUrls.LiveRoute, context => live.Value.ServeAsync(context));
    }

    /// <summary>Pages speak the language that the cookie or the browser asks for; programs are always answered the same way.</summary>
    public static void UsePageLanguages(this WebApplication app)
    {
        var languages = new RequestLocalizationOptions
        {
            DefaultRequestCulture = new(Words.Languages[0]),
            SupportedCultures = [.. Words.Languages],
            SupportedUICultures = [.. Words.Languages],
            ApplyCurrentCultureToResponseHeaders = true,
        };
        languages.RequestCultureProviders.RemoveAt(0);      // not from the query: an address says what is asked, not how it is told
        app.UseWhen(context => !Doorways.IsApi(context.Request), pages => pages.UseRequestLocalization(languages));
    }
}
