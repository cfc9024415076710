using Microsoft.Playwright;
using Spoo.Stories.Support;

[assembly: AssemblyFixture(typeof(Chromium))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Spoo.Stories.Support;

/// <summary>One browser for all stories; each story opens windows of its own.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string? _story;

    public async ValueTask InitializeAsync()
    {
        // The machine may be busy with other things than this test.
        Assertions.SetDefaultExpectTimeout(60_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("SPOO_CHROMIUM") is { Length: > 0 } path ? path : "/usr/bin/chromium",
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",

                // Hundreds of windows share a few processes.
                "--renderer-process-limit=4",
            ],
        });
    }

    /// <summary>A window without history or cookies. It is closed when the next story opens its own.</summary>
    public async Task<IPage> OpenAsync(string url, WindowShape? shape = null, bool withScripts = true, string locale = "en-GB")
    {
        await CloseFormerAsync();
        shape ??= WindowShape.Desktop;
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = url,
            ViewportSize = new ViewportSize { Width = shape.Width, Height = shape.Height },
            IsMobile = shape.IsPhone,
            HasTouch = shape.IsPhone,
            DeviceScaleFactor = shape.IsPhone ? 2 : 1,
            ColorScheme = shape.IsDark ? ColorScheme.Dark : ColorScheme.Light,
            TimezoneId = "UTC",
            Locale = locale,
            JavaScriptEnabled = withScripts,

            // A story with TLS makes its own certificate.
            IgnoreHTTPSErrors = true,
        });
        context.SetDefaultTimeout(60_000);
        var page = await context.NewPageAsync();

        // Nothing may come from an outside host, but for the page itself where a story goes to another site.
        page.Request += (_, request) =>
        {
            var isPage = request.IsNavigationRequest && request.Frame.ParentFrame is null;
            if (!isPage && !request.Url.StartsWith(url, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal)
                && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
            {
                OutsideRequests.Add(request.Url);
            }
        };
        return page;
    }

    /// <summary>Addresses of other hosts that a page asked for.</summary>
    public List<string> OutsideRequests { get; } = [];

    /// <summary>Pages that stay open go on following their numbers, and make every later story slower.</summary>
    private async Task CloseFormerAsync()
    {
        var story = TestContext.Current.Test?.UniqueID;
        foreach (var window in story == _story ? [] : _browser!.Contexts.ToList())
        {
            await window.CloseAsync();
        }

        _story = story;
    }

    public async ValueTask DisposeAsync()
    {
        await (_browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        _playwright?.Dispose();
    }
}

/// <summary>A window as people have them.</summary>
public sealed record WindowShape(string Name, int Width, int Height, bool IsPhone = false, bool IsDark = false)
{
    public static WindowShape Desktop { get; } = new("desktop", 1440, 900);

    public static WindowShape Phone { get; } = new("phone", 390, 844, IsPhone: true);

    public static WindowShape Dark { get; } = new("dark", 1440, 900, IsDark: true);

    public static WindowShape Tablet { get; } = new("tablet", 820, 1180);

    /// <summary>
    /// Those in which pages are looked at: three sizes and both themes, each of them at least once. <c>SPOO_SHAPES=all</c>: every size in
    /// both themes, which takes twice as long.
    /// </summary>
    private static readonly IReadOnlyList<WindowShape> Looked = Environment.GetEnvironmentVariable("SPOO_SHAPES") == "all"
        ? [Desktop, Tablet, Phone, Dark, Tablet with { Name = "tablet-dark", IsDark = true }, Phone with { Name = "phone-dark", IsDark = true }]
        : [Desktop, Phone, Tablet with { Name = "tablet-dark", IsDark = true }];

    public static TheoryData<string> Names => [.. Looked.Select(shape => shape.Name)];

    public static WindowShape Named(string name) => Looked.Single(shape => shape.Name == name);
}
