using System.Security.Claims;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Pictures;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Destinations;
using Spoo.Data.Links.Domains;
using Spoo.Data.Links.Missed;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Live;
using Spoo.Tests.Support;
using TestContext = Xunit.TestContext;

namespace Spoo.Tests.Links;

/// <summary>The components about links with the real services behind them, on a database that can be made to fail.</summary>
public abstract class LinkComponents : ComponentTests
{
    private readonly bool _isShared;

    /// <param name="shared">The server that the tests of a class have together. Null: one of the test's own.</param>
    protected LinkComponents(SpooApp? shared = null)
    {
        _isShared = shared is not null;
        App = shared ?? new SpooApp();
        DefaultWaitTimeout = TimeSpan.FromSeconds(20);
        Database = new BreakableContexts(App.OpenDatabase);
        Counting = new BreakableContexts(App.OpenDatabase);
        Services.AddSingleton<TimeProvider>(Clock);
        Services.AddSingleton<IDbContextFactory<SpooDbContext>>(Database);
        Services.AddSingleton(new StatsOptions());
        Services.AddSingleton(new AccountOptions());
        Services.AddSingleton(new QuotaOptions());
        Services.AddSingleton<AuditLog>();
        Services.AddSingleton<Quotas>();
        Services.AddSingleton(new ShorteningOptions());
        Services.AddSingleton(App.Get<ClickIndex>());
        Services.AddSingleton(provider => ActivatorUtilities.CreateInstance<LiveClicks>(provider, Counting));
        Services.AddSingleton<IClickCounting>(provider => provider.GetRequiredService<LiveClicks>());
        Services.AddSingleton<StatsService>();
        Services.AddSingleton<LinkList>();
        Services.AddSingleton<SavedViews>();
        Services.AddSingleton<UtmTemplates>();
        Services.AddSingleton(App.Get<StoreGate>());
        Services.AddSingleton<LinkLookup>();
        Services.AddSingleton<KnownDomains>();
        Services.AddSingleton(App.Get<DomainService>());
        Services.AddSingleton(App.Get<MissedCodes>());
        Services.AddSingleton<LinkChanges>();
        Services.AddSingleton(App.Get<DestinationPages>());
        Services.AddSingleton(App.Get<StatsMetrics>());
        Services.AddSingleton(App.Get<ReadingOptions>());
        Services.AddSingleton<NewLinks>();
        Services.AddSingleton<LinkService>();
        Services.AddSingleton<LinkPictures>();
        Services.AddSingleton<VerifiedEmail>();
        Services.AddLogging();
    }

    private protected SpooApp App { get; }

    private protected FakeTimeProvider Clock { get; } = new(Some.Noon);

    /// <summary>What links are read from and written to.</summary>
    private protected BreakableContexts Database { get; }

    /// <summary>What clicks are counted in.</summary>
    private protected BreakableContexts Counting { get; }

    protected SpooUser Owner { get; private set; } = null!;

    /// <summary>Path and query of the page that is open.</summary>
    protected string Address => new Uri(Services.GetRequiredService<NavigationManager>().Uri).PathAndQuery;

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!_isShared)
        {
            App.Dispose();
        }
    }

    protected async Task SignInAsync()
    {
        if (_isShared)
        {
            await App.FreeCodesAsync();
        }

        Owner = await App.AddUserAsync();
        this.AddAuthorization().SetAuthorized(Owner.Email!).SetClaims(new Claim(ClaimTypes.NameIdentifier, Owner.Id));
    }

    /// <summary>A link of the owner's, changed before it is stored.</summary>
    protected async Task<Link> AddLinkAsync(string code, Action<Link>? change = null)
    {
        var link = Some.Link(code, Owner, longUrl: $"https://example.com/of/{code}");
        change?.Invoke(link);
        return await App.AddAsync(link);
    }

    /// <summary>The owner's links as they are stored, by code.</summary>
    protected async Task<IReadOnlyList<Link>> StoredAsync()
    {
        await using var database = App.OpenDatabase();
        return await database.Links.AsNoTracking().Include(link => link.Tags).Where(link => link.OwnerId == Owner.Id)
            .OrderBy(link => link.ShortCode).ToListAsync(TestContext.Current.CancellationToken);
    }

    protected void Go(string url) => Services.GetRequiredService<NavigationManager>().NavigateTo(url);
}
