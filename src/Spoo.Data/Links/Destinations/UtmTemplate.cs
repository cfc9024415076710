using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Spoo.Data.Accounts;

namespace Spoo.Data.Links.Destinations;

/// <summary>Campaign parameters that an account puts behind many destinations, under a name.</summary>
public sealed class UtmTemplate : IEntityTypeConfiguration<UtmTemplate>
{
    public const int MaxNameLength = 80;

    public required string Id { get; init; }

    public required string OwnerId { get; init; }

    /// <summary>Only one of an owner's templates has it.</summary>
    public required string Name { get; set; }

    /// <summary>As it stands in an address behind the question mark: <c>utm_source=news&amp;utm_medium=mail</c>.</summary>
    public required string Query { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public void Configure(EntityTypeBuilder<UtmTemplate> builder)
    {
        builder.ToTable("UtmTemplates");
        builder.Property(template => template.Id).HasMaxLength(PublicId.Length).IsUnicode(false);
        builder.Property(template => template.Name).HasMaxLength(MaxNameLength);
        builder.Property(template => template.Query).HasMaxLength(UtmParameters.MaxQueryLength);
        builder.HasIndex(template => new { template.OwnerId, template.Name }).IsUnique();
        builder.HasOne<SpooUser>().WithMany().HasForeignKey(template => template.OwnerId).OnDelete(DeleteBehavior.Cascade);
    }
}
