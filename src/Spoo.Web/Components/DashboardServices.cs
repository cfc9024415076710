using Microsoft.AspNetCore.Components.Server.Circuits;
using MudBlazor;
using MudBlazor.Services;
using Spoo.Data.Stats.Question;
using Spoo.Web.Addresses;
using Spoo.Web.Components.Alerts;
using Spoo.Web.Components.Dashboard;
using Spoo.Web.Components.Layout;
using Spoo.Web.Components.Public;
using Spoo.Web.Components.Shared;
using Spoo.Web.Limits;
using Spoo.Web.Words;

namespace Spoo.Web.Components;

/// <summary>The pages and their UI library.</summary>
internal static class DashboardServices
{
    public static void AddSpooDashboard(this WebApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents().AddInteractiveServerComponents(options =>
            // A page whose browser is away for a while is kept. What it asks of the browser must not fail before the page is given up.
            options.JSInteropDefaultCallTimeout = options.DisconnectedCircuitRetentionPeriod + TimeSpan.FromMinutes(1));
        builder.Services.AddMudServices(options =>
        {
            // What is said in passing comes and goes at once: half faded, nobody can read it.
            options.SnackbarConfiguration.ShowTransitionDuration = 150;
            options.SnackbarConfiguration.HideTransitionDuration = 150;
        });
        builder.Services.AddTransient<MudLocalizer, ControlTexts>();
        builder.Services.AddSingleton<IValueNames, ValueNames>();
        builder.Services.AddSingleton<StyleSheets>();
        builder.Services.AddSingleton<Flags>();
        builder.Services.AddSingleton<PrerenderedReport>();
        builder.Services.AddSingleton<SharedAnswers>();
        builder.Services.AddScoped<LiveConnection>();
        builder.Services.AddScoped<UnseenAlerts>();
        builder.Services.AddScoped<CircuitHandler>(provider => provider.GetRequiredService<LiveConnection>());
        builder.Services.AddOptions<PublicOptions>().BindConfiguration(PublicOptions.Section);
        builder.Services.AddSingleton<PublicReports>();
        builder.Services.AddSingleton<PublicLive>();
        builder.Services.AddSingleton<PublicCard>();
        builder.Services.AddSingleton<PublicPages>();
        builder.Services.AddResponseCompression(options => options.EnableForHttps = true);
    }

    /// <summary>
    /// The pages for everybody are drawn once for many, and travel small. The others are not compressed: they hold secrets beside what an address puts into them,
    /// and the size of such a page would give them away, letter by letter.
    /// </summary>
    public static void UsePublicPages(this WebApplication app) => app.UseWhen(
        context => HttpMethods.IsGet(context.Request.Method) && SpooUrls.IsPublicStats(context.Request.Path),
        pages =>
        {
            var kept = new Lazy<PublicPages>(app.Services.GetRequiredService<PublicPages>);
            pages.Use((context, next) => kept.Value.ServeAsync(context, next));
            pages.UseResponseCompression();
        });

    /// <summary>Style sheets and pictures whose addresses say which version of them they are.</summary>
    public static void MapPageAssets(this WebApplication app)
    {
        app.Services.GetRequiredService<StyleSheets>().Map(app);
        app.Services.GetRequiredService<Flags>().Map(app).AnswerHead();
    }

    /// <summary>What stands beside the pages for everybody.</summary>
    public static void MapPublicPages(this WebApplication app)
    {
        var live = new Lazy<PublicLive>(app.Services.GetRequiredService<PublicLive>);
        app.MapGet("/" + SpooUrls.LiveRoute, context => live.Value.ServeAsync(context)).WithMetadata(new PageLimitAttribute(RateLimits.PublicPage)).AnswerHead();
        var card = new Lazy<PublicCard>(app.Services.GetRequiredService<PublicCard>);
        app.MapGet("/" + SpooUrls.CardRoute, context => card.Value.ServeAsync(context)).WithMetadata(new PageLimitAttribute(RateLimits.PublicPage)).AnswerHead();
    }

    /// <summary>Pages speak the language that the cookie or the browser asks for; programs are always answered the same way.</summary>
    public static void UsePageLanguages(this WebApplication app) =>
        app.UseWhen(context => !ApiPaths.IsApi(context.Request), pages => pages.UseRequestLocalization(PageLanguages.OfPages));
}
