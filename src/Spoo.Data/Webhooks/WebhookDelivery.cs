using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Spoo.Data.Webhooks;

public enum WebhookDeliveryStatus
{
    /// <summary>It is still to be tried, for the first time or again.</summary>
    Pending,

    Success,

    /// <summary>Given up.</summary>
    Failed,
}

/// <summary>One attempt at a delivery.</summary>
public sealed record WebhookAttempt
{
    public const int MaxErrorLength = 200;

    public required DateTimeOffset At { get; init; }

    /// <summary>Null: there was no answer.</summary>
    public int? StatusCode { get; init; }

    /// <summary>Null: it was not sent.</summary>
    public int? DurationMs { get; init; }

    /// <summary>Null: nothing is wrong.</summary>
    public string? Error { get; init; }

    /// <summary>How the answer began. Null: there was none, or it was empty.</summary>
    public string? Answer { get; init; }
}

/// <summary>
/// One event for one endpoint: written in the transaction of the change that it tells of, and there until it has arrived or is given up.
/// </summary>
public sealed class WebhookDelivery : IEntityTypeConfiguration<WebhookDelivery>
{
    /// <summary>Larger ones are given up before they are sent.</summary>
    public const int MaxBodyLength = 256 * 1024;

    /// <summary>The latest of them are kept.</summary>
    public const int MaxAttempts = 20;

    public const int MaxTypeLength = 32;

    public const int MessageIdLength = 36;

    private static readonly ValueComparer<IReadOnlyList<WebhookAttempt>> SameAttempts = new((left, right) => left!.SequenceEqual(right!), attempts => attempts.Count, attempts => attempts);

    public long Id { get; init; }

    /// <summary>The id by which its owner asks for it, a <see cref="Data.PublicId"/>.</summary>
    public required string PublicId { get; init; }

    public long EndpointId { get; init; }

    /// <summary>The id by which the receiver knows it again, the same at every attempt.</summary>
    public required string MessageId { get; init; }

    public required string EventType { get; init; }

    public bool IsTest { get; init; }

    public WebhookDeliveryStatus Status { get; set; }

    /// <summary>What is sent. Null: forgotten, because the link that it tells of is deleted, or never written, because it was too large.</summary>
    public string? Body { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Attempts that were answered, or should have been.</summary>
    public int AttemptCount { get; set; }

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<WebhookAttempt> Attempts { get; set; } = [];

    /// <summary>Null: there is nothing left to try.</summary>
    public DateTimeOffset? NextAttemptAt { get; set; }

    /// <summary>The public id of the link that it tells of, which may be deleted. Null: it tells of none.</summary>
    public string? LinkId { get; init; }

    /// <summary>Whether what it says is to be forgotten as soon as it has arrived.</summary>
    public bool IsOfDeletedLink { get; set; }

    /// <summary>Adds what came of an attempt.</summary>
    internal void Add(WebhookAttempt attempt) => Attempts = [.. Attempts.TakeLast(MaxAttempts - 1), attempt];

    public void Configure(EntityTypeBuilder<WebhookDelivery> builder)
    {
        builder.ToTable("WebhookDeliveries");
        builder.Property(delivery => delivery.PublicId).HasMaxLength(Data.PublicId.Length).IsUnicode(false);
        builder.Property(delivery => delivery.MessageId).HasMaxLength(MessageIdLength).IsUnicode(false);
        builder.Property(delivery => delivery.EventType).HasMaxLength(MaxTypeLength).IsUnicode(false);
        builder.Property(delivery => delivery.Status).HasConversion<string>().HasMaxLength(16).IsUnicode(false);
        builder.Property(delivery => delivery.Attempts).HasConversion(
            attempts => JsonSerializer.Serialize(attempts, JsonSerializerOptions.Web),
            text => JsonSerializer.Deserialize<List<WebhookAttempt>>(text, JsonSerializerOptions.Web)!,
            SameAttempts);
        builder.Property(delivery => delivery.LinkId).HasMaxLength(Data.PublicId.Length).IsUnicode(false);
        builder.HasIndex(delivery => delivery.PublicId).IsUnique();

        // For lists, with and without a status; for what is due; for what goes with a link; for what is old.
        builder.HasIndex(delivery => new { delivery.EndpointId, delivery.Status });
        builder.HasIndex(delivery => delivery.NextAttemptAt);
        builder.HasIndex(delivery => delivery.LinkId);
        builder.HasIndex(delivery => delivery.CreatedAt);
        builder.HasOne<WebhookEndpoint>().WithMany().HasForeignKey(delivery => delivery.EndpointId).OnDelete(DeleteBehavior.Cascade);
    }
}
