using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Spoo.Data.Accounts;
using Spoo.Data.Database;

namespace Spoo.Data.Webhooks;

/// <summary>How events are written for an endpoint.</summary>
public enum WebhookFlavor
{
    /// <summary>As they are.</summary>
    Raw,

    /// <summary>As a line that a channel of Discord shows.</summary>
    Discord,

    /// <summary>As a line that a channel of Slack shows.</summary>
    Slack,
}

public enum WebhookStatus
{
    Active,

    /// <summary>By its owner. What happens meanwhile is not told, and what was waiting goes on waiting.</summary>
    Paused,

    /// <summary>By this server, because nothing arrives.</summary>
    Disabled,
}

/// <summary>An address of an account's that is told what happens to its links.</summary>
public sealed class WebhookEndpoint : IEntityTypeConfiguration<WebhookEndpoint>, ILeased
{
    public const int MaxUrlLength = 2048;
    public const int MaxDescriptionLength = 256;
    public const int MaxEvents = 32;
    public const int MaxScopeLinks = 256;
    public const int MaxFailureLength = 200;

    /// <summary>Values of <see cref="DisabledReason"/>.</summary>
    public const string ConsecutiveFailuresReason = "consecutive_failures";

    /// <inheritdoc cref="ConsecutiveFailuresReason"/>
    public const string GoneReason = "gone";

    /// <inheritdoc cref="ConsecutiveFailuresReason"/>
    public const string SecretUnreadableReason = "secret_unreadable";

    private static readonly ValueComparer<IReadOnlyList<string>> SameWords = new((left, right) => left!.SequenceEqual(right!), words => words.Count, words => words);

    public long Id { get; init; }

    /// <summary>The id outside of the database, a <see cref="Data.PublicId"/>.</summary>
    public required string PublicId { get; init; }

    public required string OwnerId { get; init; }

    public required string Url { get; set; }

    /// <summary>Null: none.</summary>
    public string? Description { get; set; }

    /// <summary>Event types and patterns of them, as its owner wrote them; never empty.</summary>
    public required IReadOnlyList<string> Events { get; set; }

    /// <summary>Whether some of the events are about clicks, which are looked for with every batch that is stored.</summary>
    public bool HearsClicks { get; set; }

    /// <summary>The public ids of the links that it hears of. Null: all, including those to come.</summary>
    public IReadOnlyList<string>? ScopeLinks { get; set; }

    public WebhookFlavor Flavor { get; set; }

    public WebhookStatus Status { get; set; }

    /// <summary>Null: it is not <see cref="WebhookStatus.Disabled"/>.</summary>
    public string? DisabledReason { get; set; }

    /// <summary>What signs deliveries, sealed with a key that is not in the database.</summary>
    public required string Secret { get; set; }

    /// <summary>Its first characters, by which its owner tells it from others.</summary>
    public required string SecretPrefix { get; set; }

    /// <summary>The secret before the last change, sealed: it signs as well, until <see cref="FormerSecretUntil"/>. Null: none.</summary>
    public string? FormerSecret { get; set; }

    public DateTimeOffset? FormerSecretUntil { get; set; }

    /// <summary>Where the short links of its account begin, without a slash at the end.</summary>
    public required string ShortLinksAt { get; set; }

    /// <summary>Deliveries in a row that were given up.</summary>
    public int ConsecutiveFailures { get; set; }

    /// <summary>Deliveries that have come to an end, in either way.</summary>
    public long TotalDeliveries { get; set; }

    public long TotalSuccesses { get; set; }

    /// <summary>When it was last tried. Null: never.</summary>
    public DateTimeOffset? LastDeliveryAt { get; set; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? LastSuccessAt { get; set; }

    /// <summary>Why the last attempt that failed did. Null: none has.</summary>
    public string? LastFailureReason { get; set; }

    /// <summary>Events that were left out since the last one that was not, because too many waited.</summary>
    public long Dropped { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Links that ended by the clock up to here have been told.</summary>
    public required DateTimeOffset ToldUntil { get; set; }

    /// <summary>Before that it is not tried: a node is at it, or it was told to wait. Never null.</summary>
    public DateTimeOffset? HeldUntil { get; set; } = DateTimeOffset.MinValue;

    public string? HeldBy { get; set; }

    /// <summary>Whether it is to be told of such an event about this link.</summary>
    /// <param name="linkId">The link's public id. Null: the event is not about one, so an endpoint for some links does not hear of it.</param>
    public bool Hears(string type, string? linkId) =>
        Status == WebhookStatus.Active && Events.Any(pattern => WebhookEvents.Matches(pattern, type)) && (ScopeLinks is null || (linkId is not null && ScopeLinks.Contains(linkId)));

    /// <summary>Takes what it hears from now on.</summary>
    internal void Hear(IReadOnlyList<string> events) =>
        (Events, HearsClicks) = (events, WebhookEvents.OfClicks.Any(type => events.Any(pattern => WebhookEvents.Matches(pattern, type))));

    public void Configure(EntityTypeBuilder<WebhookEndpoint> builder)
    {
        builder.ToTable("WebhookEndpoints");
        builder.Property(endpoint => endpoint.PublicId).HasMaxLength(Data.PublicId.Length).IsUnicode(false);
        builder.Property(endpoint => endpoint.Url).HasMaxLength(MaxUrlLength);
        builder.Property(endpoint => endpoint.Description).HasMaxLength(MaxDescriptionLength);
        builder.Property(endpoint => endpoint.Events)
            .HasConversion(events => string.Join(' ', events), text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries), SameWords)
            .HasMaxLength(MaxEvents * 32).IsUnicode(false);
        builder.Property(endpoint => endpoint.ScopeLinks)
            .HasConversion(links => string.Join(' ', links!), text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries), SameWords!)
            .HasMaxLength(MaxScopeLinks * (Data.PublicId.Length + 1)).IsUnicode(false);
        builder.Property(endpoint => endpoint.Flavor).HasConversion<string>().HasMaxLength(16).IsUnicode(false);
        builder.Property(endpoint => endpoint.Status).HasConversion<string>().HasMaxLength(16).IsUnicode(false);
        builder.Property(endpoint => endpoint.DisabledReason).HasMaxLength(32).IsUnicode(false);
        builder.Property(endpoint => endpoint.Secret).HasMaxLength(1000).IsUnicode(false);
        builder.Property(endpoint => endpoint.SecretPrefix).HasMaxLength(16).IsUnicode(false);
        builder.Property(endpoint => endpoint.FormerSecret).HasMaxLength(1000).IsUnicode(false);
        builder.Property(endpoint => endpoint.ShortLinksAt).HasMaxLength(MaxUrlLength);
        builder.Property(endpoint => endpoint.LastFailureReason).HasMaxLength(MaxFailureLength);
        builder.Property(endpoint => endpoint.HeldUntil).IsRequired();
        builder.Property(endpoint => endpoint.HeldBy).HasMaxLength(Lease.MaxHolderLength).IsUnicode(false);
        builder.HasIndex(endpoint => endpoint.PublicId).IsUnique();
        builder.HasOne<SpooUser>().WithMany().HasForeignKey(endpoint => endpoint.OwnerId).OnDelete(DeleteBehavior.Cascade);
    }
}
