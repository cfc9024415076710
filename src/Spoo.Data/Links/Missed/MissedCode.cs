using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Spoo.Data.Links.Codes;

namespace Spoo.Data.Links.Missed;

/// <summary>A code that people asked for on a domain that has no such link: a word that was printed wrongly, or a link that is gone.</summary>
public sealed class MissedCode : IEntityTypeConfiguration<MissedCode>
{
    /// <summary>The key of the domain, as links have it.</summary>
    public required long DomainId { get; init; }

    public required string Code { get; init; }

    /// <summary>How often it was asked for.</summary>
    public required long Times { get; set; }

    public required DateTimeOffset FirstAt { get; set; }

    public required DateTimeOffset LastAt { get; set; }

    public void Configure(EntityTypeBuilder<MissedCode> builder)
    {
        builder.ToTable("MissedCodes");
        builder.HasKey(missed => new { missed.DomainId, missed.Code });
        builder.Property(missed => missed.DomainId).ValueGeneratedNever();
        builder.Property(missed => missed.Code).HasMaxLength(ShortCode.MaxLength);
    }
}
