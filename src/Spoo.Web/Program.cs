using Spoo.Data;
using Spoo.Web;
using Spoo.Web.Api;
using Spoo.Web.Commands;
using Spoo.Web.Components;
using Spoo.Web.Components.Account;

return await Startup.ExplainFailuresAsync(async () =>
{
    if (SpooCommands.Asked(args))
    {
        return await SpooCommands.RunAsync(args);
    }

    var builder = Startup.CreateBuilder(args);

    builder.AddSpooData();          // database, links, clicks, statistics
    builder.AddSpooAccounts();      // people and API keys
    builder.AddSpooApi();           // controllers and their errors
    builder.AddSpooDashboard();     // components and their UI library

    var app = builder.Build();

    app.UseSpooHeaders();           // request ids, and what browsers must not do
    app.UseExceptionHandler("/error", createScopeForErrors: true);
    app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
    app.UseSpooApi();               // programs get errors in their own shape, whatever went wrong
    app.UseAuthentication();
    app.UseKeyCheck();
    app.UseFormLimits();            // passwords cannot be tried out
    app.UseAuthorization();
    app.UseAntiforgery();

    app.MapStaticAssets();
    app.MapControllers();           // /api/v1
    app.MapHealth();                // /health
    app.MapAccountEndpoints();      // signing out
    app.MapRazorComponents<App>().AddInteractiveServerRenderMode();

    await app.Services.GetRequiredService<SpooDatabase>().PrepareAsync(CancellationToken.None);
    Startup.SayWhereItIs(app);
    await app.RunAsync();
    return 0;
});

/// <summary>Named so that tests can start the whole product in their own process.</summary>
public partial class Program;
