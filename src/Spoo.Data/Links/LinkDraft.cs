namespace Spoo.Data.Links;

/// <summary>A link that somebody asks for.</summary>
public sealed record LinkDraft
{
    public required string LongUrl { get; init; }

    /// <summary>Null: any code that is free.</summary>
    public string? Alias { get; init; }

    /// <summary>Null: no password.</summary>
    public string? Password { get; init; }

    /// <summary>Null: not said, which means no.</summary>
    public bool? BlockBots { get; init; }

    /// <summary>Null: unlimited.</summary>
    public long? MaxClicks { get; init; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? ExpireAfter { get; init; }

    /// <summary>Null: private for somebody who is signed in, and not said for others.</summary>
    public bool? PrivateStats { get; init; }
}

/// <summary>A new value, which may be "none". What is not changed has no change at all.</summary>
public readonly record struct Change<T>(T To);

/// <summary>What is to be different about a link. Null everywhere: that part stays as it is.</summary>
public sealed record LinkEdit
{
    public string? LongUrl { get; init; }

    public string? Alias { get; init; }

    public Change<string?>? Password { get; init; }

    public Change<bool?>? BlockBots { get; init; }

    public Change<long?>? MaxClicks { get; init; }

    public Change<DateTimeOffset?>? ExpireAfter { get; init; }

    public Change<bool?>? PrivateStats { get; init; }

    /// <summary><see cref="LinkStatus.Active"/> or <see cref="LinkStatus.Inactive"/>.</summary>
    public LinkStatus? Status { get; init; }
}

/// <summary>What came of an attempt to make, find or change a link.</summary>
public abstract record LinkOutcome
{
    private LinkOutcome()
    {
    }

    public sealed record Done(Link Link) : LinkOutcome;

    public sealed record Refused(Refusal Refusal) : LinkOutcome;
}
