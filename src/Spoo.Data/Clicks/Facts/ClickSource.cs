using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Spoo.Data.Clicks.Facts;

/// <summary>From where the visitor came: the referrer, the campaign, and what was clicked or scanned.</summary>
public sealed class ClickSource : IEntityTypeConfiguration<ClickSource>
{
    public const int MaxReferrerLength = 255;
    public const int MaxReferrerUrlLength = 2048;
    public const int MaxUtmLength = 255;

    /// <summary>Value of <see cref="Trigger"/> for a scanned QR code.</summary>
    public const string Qr = "qr";

    /// <summary>Value of <see cref="Trigger"/> for everything else.</summary>
    public const string FollowedLink = "link";

    /// <summary>
    /// Stands for a referrer or a parameter that was one too many: strangers choose them, and there is a bound to how many new ones are kept.
    /// </summary>
    public const string Other = "(other)";

    public const int MaxTargetLength = 60;

    /// <summary>A <see cref="ContentKey"/> of the parts.</summary>
    public required long Id { get; init; }

    /// <summary>Registrable domain of the referring page. Null: a direct visit.</summary>
    public string? Referrer { get; init; }

    /// <summary>The referring page itself. Null: a direct visit, or only the domain is known.</summary>
    public string? ReferrerUrl { get; init; }

    public string? UtmSource { get; init; }

    public string? UtmMedium { get; init; }

    public string? UtmCampaign { get; init; }

    public required string Trigger { get; init; }

    /// <summary>The name of the rule of the link that answered. Null: its destination did.</summary>
    public string? Target { get; init; }

    public static ClickSource Of(
        string? referrer, string? referrerUrl, string? utmSource, string? utmMedium, string? utmCampaign, string trigger = FollowedLink,
        string? target = null) => new()
        {
            // What was stored before there were targets keeps its key.
            Id = target is null
                ? ContentKey.Of(referrer, referrerUrl, utmSource, utmMedium, utmCampaign, trigger)
                : ContentKey.Of(referrer, referrerUrl, utmSource, utmMedium, utmCampaign, trigger, target),
            Referrer = referrer,
            ReferrerUrl = referrerUrl,
            UtmSource = utmSource,
            UtmMedium = utmMedium,
            UtmCampaign = utmCampaign,
            Trigger = trigger,
            Target = target,
        };

    /// <summary>The same with the domain of the referring page alone.</summary>
    public ClickSource WithoutPage() => Of(Referrer, null, UtmSource, UtmMedium, UtmCampaign, Trigger, Target);

    /// <summary>The same with every value that a visitor can choose as <see cref="Other"/>.</summary>
    public ClickSource AsOther()
    {
        return Of(OtherFor(Referrer), null, OtherFor(UtmSource), OtherFor(UtmMedium), OtherFor(UtmCampaign), Trigger, Target);

        static string? OtherFor(string? value) => value is null ? null : Other;
    }

    public void Configure(EntityTypeBuilder<ClickSource> builder)
    {
        builder.ToTable("ClickSources");
        builder.Property(source => source.Id).ValueGeneratedNever();
        builder.Property(source => source.Referrer).HasMaxLength(MaxReferrerLength);
        builder.Property(source => source.ReferrerUrl).HasMaxLength(MaxReferrerUrlLength);
        builder.Property(source => source.UtmSource).HasMaxLength(MaxUtmLength);
        builder.Property(source => source.UtmMedium).HasMaxLength(MaxUtmLength);
        builder.Property(source => source.UtmCampaign).HasMaxLength(MaxUtmLength);
        builder.Property(source => source.Target).HasMaxLength(MaxTargetLength);
        builder.Property(source => source.Trigger).HasMaxLength(16).IsUnicode(false);
    }
}
