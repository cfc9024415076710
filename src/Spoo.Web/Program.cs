using Spoo.Data;
using Spoo.Data.Database;
using Spoo.Web;
using Spoo.Web.Addresses;
using Spoo.Web.Api;
using Spoo.Web.Api.People;
using Spoo.Web.Commands;
using Spoo.Web.Components;
using Spoo.Web.Components.Links;
using Spoo.Web.Export;
using Spoo.Web.Identity;
using Spoo.Web.Limits;
using Spoo.Web.Mail;
using Spoo.Web.Mail.Reports;
using Spoo.Web.Metrics;
using Spoo.Web.Redirect;
using Spoo.Web.Wire;



return await Startup.ExplainFailuresAsync(async () =>
{
    Startup.RequireFiles();
    if (SpooCommands.Asked(args))
    {
        (var exitCode, args) = await SpooCommands.RunAsync(args);
        if (exitCode is not null)
        {
            return exitCode.Value;
        }
    }

    var builder = Startup.CreateBuilder(args);

    builder.AddSpooData();          // database, links, clicks, statistics
    builder.AddSpooAccounts();      // people and API keys
    builder.AddSpooLimits();        // how often whom may do what
    builder.AddSpooApi();           // controllers and their errors
    builder.AddSpooMail();          // what people are told outside of the pages
    builder.AddSpooDashboard();     // components and their UI library
    builder.AddSpooRedirects();     // short links, and the journal of their clicks
    builder.AddSpooMetrics();       // what the operator's monitoring reads

    var app = builder.Build();

    app.UseKnownProxies();          // who the visitor is, where a proxy of ours says so
    app.UseServerPath();            // below which path everything is
    app.UseStrictTransport();       // who came over TLS stays there
    app.UseRedirects();             // /{code} for nearly everybody who follows one
    app.UseHostCookies();           // over TLS, cookies that other sites cannot set
    app.UseStopping();              // pages that stay open do not keep the server from ending
    app.UseSpooHeaders();           // request ids, and what browsers must not do
    app.UseFolderPaths();           // a code with slashes is one part of the path of a page
    app.UseRouting();               // answers redirects here and now: what follows is for pages and programs
    app.UseDomains();               // on other domains there are links, and no pages
    app.UseRelativeLocations();     // who came over TLS is sent on over TLS, whatever the server knows of it
    app.UseExceptionHandler("/error", createScopeForErrors: true);
    app.UseStoreErrors();           // a database that is away is no fault of the page
    app.UseNotFoundPage();          // what there is not, and what takes no such method
    app.UsePageLanguages();         // English, or the language that the browser asks for
    app.UseSpooApi();               // programs get errors in their own shape, whatever went wrong
    app.UseAuthentication();
    app.UseKeyCheck();
    app.UseAccountQuotas();         // nobody calls or fetches more than their account may
    app.UseEndpointLimits();        // passwords cannot be tried out
    app.UseClaims();                // links made before signing in come along
    app.UseAuthorization();
    app.UseAntiforgery();
    app.UsePublicPages();           // a link's numbers for everybody: drawn once for many, and compressed

    app.MapStaticAssets();
    app.MapPageAssets();            // the theme and the pages' rules, one sheet for each kind of page; flags
    app.MapSpooApi();               // /api/v1, its reference at /docs, and /health
    app.MapMetrics();               // /metrics
    app.MapAccountEndpoints();      // signing out
    app.MapDownloads();             // lists of links as CSV, QR codes, everything of an account
    app.MapReports();               // what a report by mail looks like, and its end
    app.MapPublicPages();           // a link's numbers for everybody, as they change
    app.MapRazorComponents<App>().AddInteractiveServerRenderMode().AnswerHead().RequireSignInForCircuits();
    app.MapRedirects();             // /{code}; every literal route above wins over it

    await app.Services.GetRequiredService<SpooDatabase>().StartAsync(CancellationToken.None);
    Startup.SayWhereItIs(app);
    return await Startup.RunAsync(app);
});

/// <summary>Named so that tests can start the whole product in their own process.</summary>
public partial class Program;
