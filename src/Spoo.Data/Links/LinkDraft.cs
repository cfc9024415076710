using Spoo.Data.Links.Targets;

namespace Spoo.Data.Links;

/// <summary>A link to be made.</summary>
public sealed record LinkDraft
{
    public required string LongUrl { get; init; }

    /// <summary>Null: any code that is free.</summary>
    public string? Alias { get; init; }

    /// <summary>Whether a code that is made up is of emoji.</summary>
    public bool OfEmoji { get; init; }

    /// <summary>The host of the domain to put it on. Null: the installation's own.</summary>
    public string? Domain { get; init; }

    /// <summary>Null: none.</summary>
    public string? Title { get; init; }

    /// <summary>Null: none.</summary>
    public string? Note { get; init; }

    /// <summary>Null: no password.</summary>
    public string? Password { get; init; }

    /// <summary>Null: not said, which means no.</summary>
    public bool? BlockBots { get; init; }

    /// <summary>Null: unlimited.</summary>
    public long? MaxClicks { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? ExpireAfter { get; init; }

    /// <summary>Null: at once.</summary>
    public DateTimeOffset? StartsAt { get; init; }

    /// <summary>Null: visitors who come before the start are told when it is.</summary>
    public string? PreStartUrl { get; init; }

    /// <summary><see cref="LinkStatus.Active"/> or <see cref="LinkStatus.Inactive"/>.</summary>
    public LinkStatus Status { get; init; }

    /// <summary>Whether it is out of the way from the beginning, as a link may be that comes from a file.</summary>
    public bool IsArchived { get; init; }

    /// <summary>Whether a link that the account has already, and that would be the same, is as good as a new one.</summary>
    public bool MayBeReused { get; init; }

    /// <summary>Null: private for a signed-in owner, and not said for others.</summary>
    public bool? PrivateStats { get; init; }

    /// <summary>Null: not said, which means no.</summary>
    public bool? PassQuery { get; init; }

    /// <summary>Null: not said, which means no.</summary>
    public bool? PassPath { get; init; }

    /// <summary>Null: 302.</summary>
    public int? RedirectStatus { get; init; }

    /// <summary>Null: visitors are told that the link has ended.</summary>
    public string? ExpiredUrl { get; init; }

    /// <summary>Null: everybody is sent to the destination.</summary>
    public TargetsEdit? Targets { get; init; }

    /// <summary>Null: what is found at the destination.</summary>
    public LinkPreview? Preview { get; init; }

    /// <summary>Each as <see cref="LinkTag.TryParse"/> gives it.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
}

/// <summary>What is to be different about a link. Null everywhere: that part stays as it is.</summary>
public sealed record LinkEdit
{
    public string? LongUrl { get; init; }

    public string? Alias { get; init; }

    /// <summary>The host of the domain to move it to; none is the installation's own.</summary>
    public Change<string?>? Domain { get; init; }

    public Change<string?>? Title { get; init; }

    public Change<string?>? Note { get; init; }

    public Change<string?>? Password { get; init; }

    public Change<bool?>? BlockBots { get; init; }

    public Change<long?>? MaxClicks { get; init; }

    public Change<DateTimeOffset?>? ExpireAfter { get; init; }

    public Change<DateTimeOffset?>? StartsAt { get; init; }

    public Change<string?>? PreStartUrl { get; init; }

    public bool? IsArchived { get; init; }

    public Change<bool?>? PrivateStats { get; init; }

    public Change<bool?>? PassQuery { get; init; }

    public Change<bool?>? PassPath { get; init; }

    public Change<int?>? RedirectStatus { get; init; }

    public Change<string?>? ExpiredUrl { get; init; }

    public TargetsEdit? Targets { get; init; }

    public Change<LinkPreview?>? Preview { get; init; }

    /// <summary>All tags that the link has from now on, each as <see cref="LinkTag.TryParse"/> gives it.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Tags beside those that the link has.</summary>
    public IReadOnlyList<string> TagsToAdd { get; init; } = [];

    /// <summary>Tags that the link loses, where it has them.</summary>
    public IReadOnlyList<string> TagsToRemove { get; init; } = [];

    /// <summary><see cref="LinkStatus.Active"/> or <see cref="LinkStatus.Inactive"/>.</summary>
    public LinkStatus? Status { get; init; }
}

/// <summary>What came of the same change for many links.</summary>
/// <param name="Changed">Links that are as they were asked to be.</param>
/// <param name="Refused">Links that are not: blocked by the operator, deleted meanwhile, with too many tags, or with values that it cannot have.</param>
public sealed record ManyLinksOutcome(int Changed, int Refused)
{
    /// <summary>What the first was told that was not changed, as far as something was wrong with what it was to become. Null: nothing was.</summary>
    public Refusal? First { get; init; }
}

/// <summary>What came of an attempt to make, find or change a link.</summary>
public abstract record LinkOutcome
{
    private LinkOutcome()
    {
    }

    public sealed record Done(Link Link) : LinkOutcome
    {
        /// <summary>With this, an anonymous maker of a link can take it into an account. It is not kept. Null: there is none.</summary>
        public string? ClaimToken { get; init; }

        /// <summary>Whether it was there already, and none was made.</summary>
        public bool IsReused { get; init; }

        /// <summary>Whether nothing had to be done, because the link was in the account already.</summary>
        public bool WasTheirs { get; init; }
    }

    public sealed record Refused(Refusal Refusal) : LinkOutcome;
}
