using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Spoo.Data.Accounts;

/// <summary>What an account may have only so much of.</summary>
public enum QuotaKind
{
    Links,

    /// <summary>Within a calendar month, UTC.</summary>
    ClicksAMonth,

    /// <summary>For how many days clicks are kept at most.</summary>
    StoredDays,

    /// <summary>Within a day, UTC.</summary>
    ApiCallsADay,

    ExportsAtOnce,
}

/// <summary>A limit for one account, instead of everybody's.</summary>
public sealed class AccountQuota : IEntityTypeConfiguration<AccountQuota>
{
    public required string UserId { get; init; }

    public required QuotaKind Kind { get; init; }

    /// <summary>Null: as much as they like.</summary>
    public long? Most { get; set; }

    public void Configure(EntityTypeBuilder<AccountQuota> builder)
    {
        builder.ToTable("AccountQuotas");
        builder.HasKey(quota => new { quota.UserId, quota.Kind });
        builder.Property(quota => quota.Kind).HasConversion<string>().HasMaxLength(32).IsUnicode(false);
        builder.HasOne<SpooUser>().WithMany().HasForeignKey(quota => quota.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
