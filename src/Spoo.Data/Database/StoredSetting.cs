using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Spoo.Data.Database;

/// <summary>A setting that was changed while the server ran. What the environment, a file or the command line say wins over it.</summary>
public sealed class StoredSetting : IEntityTypeConfiguration<StoredSetting>
{
    public const int MaxNameLength = 100;
    public const int MaxValueLength = 2000;

    /// <summary>As in a file of settings, such as <c>Accounts:SignUp</c>.</summary>
    public required string Name { get; init; }

    public required string Value { get; set; }

    public required DateTimeOffset ChangedAt { get; set; }

    public void Configure(EntityTypeBuilder<StoredSetting> builder)
    {
        builder.ToTable("Settings");
        builder.HasKey(setting => setting.Name);
        builder.Property(setting => setting.Name).HasMaxLength(MaxNameLength).IsUnicode(false);
        builder.Property(setting => setting.Value).HasMaxLength(MaxValueLength);
    }
}
