namespace Spoo.Data.Accounts;

/// <summary>Who is asking: an anonymous visitor, a signed-in user, or a program with a user's API key.</summary>
public sealed record Viewer
{
    private readonly IReadOnlyList<string>? _scopes;
    private string? _from;

    private Viewer(string? userId, IReadOnlyList<string>? scopes)
    {
        UserId = userId;
        _scopes = scopes;
    }

    public static Viewer Nobody { get; } = new(null, null);

    /// <summary>
    /// A page of our own about one link. It has asked itself whether its reader may see the link, and what it asks about it is not its
    /// reader's choice.
    /// </summary>
    public static Viewer LinkPage { get; } = new(null, null) { MaySeeAnyLink = true };

    /// <summary>Whether this one sees of every link what its owner does.</summary>
    internal bool MaySeeAnyLink { get; private init; }

    /// <summary>Null: anonymous.</summary>
    public string? UserId { get; }

    public bool IsKey => _scopes is not null;

    /// <summary>
    /// From where an anonymous viewer asks, and what a page asks about: a client that asks too much at once waits behind others, not before them.
    /// </summary>
    internal string Caller => _from ?? UserId ?? "";

    /// <summary>Tries what the viewer says is the password of the link in question against its hash, and says what is wrong. Null: the viewer says nothing.</summary>
    internal Func<long, string, Refusal?>? LinkPassword { get; private init; }

    public static Viewer User(string userId) => new(userId, null);

    public static Viewer Key(string ownerId, IReadOnlyList<string> scopes) => new(ownerId, scopes);

    /// <summary>The same viewer, asking from a network or on behalf of a page.</summary>
    public Viewer From(string caller) => this with { _from = caller };

    /// <summary>The same viewer, who says a password of the link in question.</summary>
    /// <param name="tried">Takes the link's id and the hash of its password. The doors count the tries, so it is theirs. Null: nothing was said.</param>
    public Viewer WithLinkPassword(Func<long, string, Refusal?>? tried) => this with { LinkPassword = tried };

    /// <summary>Whether one of these scopes is granted. Only keys are limited by scopes; a person may do everything of theirs.</summary>
    public bool May(params ReadOnlySpan<string> anyOf)
    {
        if (_scopes is null || _scopes.Contains(ApiKeyScope.AdminAll))
        {
            return true;
        }

        foreach (var scope in anyOf)
        {
            if (_scopes.Contains(scope))
            {
                return true;
            }
        }

        return false;
    }
}
