namespace Spoo.Data.Accounts;

/// <summary>A program that people can sign in to with their account here: from a terminal, or as an extension of something else.</summary>
public sealed record ConnectedApp
{
    /// <summary>What it may do once it is allowed to.</summary>
    public static IReadOnlyList<string> Scopes { get; } = [ApiKeyScope.ShortenCreate, ApiKeyScope.UrlsRead, ApiKeyScope.UrlsManage, ApiKeyScope.StatsRead];

    /// <summary>spoo.me's own programs, by the ids that they call themselves.</summary>
    public static IReadOnlyList<ConnectedApp> OfSpooMe { get; } =
    [
        new() { Id = "spoo-cli", Name = "Spoo CLI", RedirectUris = ["http://127.0.0.1:53682/callback"], MayLackProof = true },
        new() { Id = "spoo-raycast", Name = "Spoo for Raycast", RedirectUris = ["https://raycast.com/redirect?*", "https://raycast.com/redirect"] },
        new() { Id = "spoo-snap", Name = "Spoo Snap", RedirectUris = [] },
    ];

    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Where the code may be sent: exactly there, or where it begins like that with a star at its end. Without any, the page shows the code.</summary>
    public required IReadOnlyList<string> RedirectUris { get; init; }

    /// <summary>
    /// Whether it is let in without proving that the answer is its own (PKCE), as its released version does not: the code goes to the person's own
    /// machine and nowhere else. One that begins with a proof has to end with it.
    /// </summary>
    public bool MayLackProof { get; init; }

    public bool MayBeSentTo(string uri) => RedirectUris.Any(known => known.EndsWith('*')
        ? uri.StartsWith(known[..^1], StringComparison.Ordinal)
        : uri == known);
}

/// <summary>Settings of the section <c>Apps</c>: by id, further programs that people can sign in to.</summary>
public sealed class AppOptions(IReadOnlyDictionary<string, AppOptions.App> further)
{
    public const string Section = "Apps";

    public ConnectedApp? Find(string? id) =>
        ConnectedApp.OfSpooMe.FirstOrDefault(app => app.Id == id)
        ?? (id is not null && further.TryGetValue(id, out var app) ? new ConnectedApp { Id = id, Name = app.Name ?? id, RedirectUris = app.RedirectUris } : null);

    public sealed class App
    {
        /// <summary>What people are asked about. Null: the id.</summary>
        public string? Name { get; set; }

        public List<string> RedirectUris { get; set; } = [];
    }
}
