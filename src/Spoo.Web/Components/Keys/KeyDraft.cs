using Spoo.Data.Accounts;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Components.Keys;

/// <summary>How long a new key lives.</summary>
internal enum KeyLife
{
    Forever,
    SevenDays,
    ThirtyDays,
    NinetyDays,
    Year,
    UntilDate,
}

/// <summary>A key as it is being described, and what is wrong with the description.</summary>
internal sealed class KeyDraft
{
    private readonly HashSet<string> _scopes = [ApiKeyScope.StatsRead];

    public string? Name { get; set; }

    public string? Description { get; set; }

    public KeyLife Life { get; set; } = KeyLife.NinetyDays;

    /// <summary>The last day of a key that lives <see cref="KeyLife.UntilDate"/>.</summary>
    public DateOnly? Date { get; set; }

    /// <summary>In the order of <see cref="ApiKeyScope.All"/>.</summary>
    public IReadOnlyList<string> Scopes => [.. ApiKeyScope.All.Where(_scopes.Contains)];

    public void Tick(string scope)
    {
        if (!_scopes.Remove(scope))
        {
            _scopes.Add(scope);
        }
    }

    /// <summary>When the key ends: on the chosen day at midnight of the viewer's zone, or so many days from now. Null: never.</summary>
    public DateTimeOffset? End(DateTimeOffset now, TimeZoneInfo zone) => Life switch
    {
        KeyLife.SevenDays => now.AddDays(7),
        KeyLife.ThirtyDays => now.AddDays(30),
        KeyLife.NinetyDays => now.AddDays(90),
        KeyLife.Year => now.AddYears(1),
        KeyLife.UntilDate when Date is { } date => Data.Stats.Question.Period.StartOfDay(date.AddDays(1).ToDateTime(TimeOnly.MinValue), zone),
        _ => null,
    };

    public string? NameProblem => string.IsNullOrWhiteSpace(Name) ? T("Give the key a name, so that you know it again.")
        : Name.Trim().Length > ApiKey.MaxNameLength ? T("A name has up to {0} characters.", ApiKey.MaxNameLength)
        : null;

    public string? ScopesProblem => _scopes.Count == 0 ? T("Choose at least one thing that the key may do.") : null;

    public string? DateProblem(DateTimeOffset now, TimeZoneInfo zone) =>
        Life != KeyLife.UntilDate ? null
        : Date is null ? T("Choose the day on which the key ends.")
        : End(now, zone) <= now ? T("This day is over. Choose one to come.")
        : null;

    public bool IsRight(DateTimeOffset now, TimeZoneInfo zone) => NameProblem is null && ScopesProblem is null && DateProblem(now, zone) is null;

    /// <summary>What a scope allows, for people.</summary>
    public static string Meaning(string scope) => scope switch
    {
        ApiKeyScope.ShortenCreate => T("Make links"),
        ApiKeyScope.ReportsCreate => T("Report links"),
        ApiKeyScope.WebhooksRead => T("List webhooks and what was delivered to them"),
        ApiKeyScope.WebhooksManage => T("Add, change, try out and delete webhooks"),
        ApiKeyScope.DomainsRead => T("List domains"),
        ApiKeyScope.DomainsManage => T("Add, change and give up domains"),
        ApiKeyScope.UrlsManage => T("List, change and delete links"),
        ApiKeyScope.UrlsRead => T("List links and read their statistics"),
        ApiKeyScope.StatsRead => T("Read statistics and exports"),
        _ => T("Everything that the others allow"),
    };

    public static string Title(KeyLife life) => life switch
    {
        KeyLife.Forever => T("Never"),
        KeyLife.SevenDays => T("In 7 days"),
        KeyLife.ThirtyDays => T("In 30 days"),
        KeyLife.NinetyDays => T("In 90 days"),
        KeyLife.Year => T("In a year"),
        _ => T("On a day"),
    };
}
