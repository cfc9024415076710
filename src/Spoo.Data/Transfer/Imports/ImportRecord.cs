using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Spoo.Data.Accounts;

namespace Spoo.Data.Transfer.Imports;

/// <summary>What an import brings.</summary>
public enum ImportKind
{
    Clicks,
    Links,
}

/// <summary>What has become of an import.</summary>
public enum ImportState
{
    /// <summary>It goes on, or its process was killed: <see cref="ImportRecord.HeardAt"/> tells which.</summary>
    Running,

    /// <summary>It ended before the file did. The same file goes on with it.</summary>
    Stopped,

    Done,

    /// <summary>Undoing it has begun, and was not finished yet.</summary>
    Undoing,

    Undone,
}

/// <summary>One file that was imported: where it came from, how it was read, what came of it. What it added is known by it, and can be undone.</summary>
public sealed class ImportRecord : IEntityTypeConfiguration<ImportRecord>
{
    public const int MaxNameLength = 200;
    public const int MaxFormatLength = 100;

    /// <summary>An import that has not been heard of for so long does not run any more.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    public int Id { get; init; }

    /// <summary>Whose links and clicks these are.</summary>
    public required string OwnerId { get; init; }

    public required ImportKind Kind { get; init; }

    public ImportState State { get; set; }

    /// <summary>Whether an operator did it by command, and not the owner on the page.</summary>
    public required bool ByCommand { get; init; }

    /// <summary>What the file is called.</summary>
    public required string Name { get; init; }

    /// <summary>The names of the formats of the file, or of those in the archive.</summary>
    public required string Format { get; init; }

    /// <summary>What was said about how to read it: an <see cref="ImportChoices"/>.</summary>
    public required string Choices { get; init; }

    /// <summary>Of the first bytes of the file, by which one that goes on is known.</summary>
    public required long Head { get; init; }

    /// <summary>Of the names of its columns, by which the next file of its kind is known. Null: it has none.</summary>
    public long? Header { get; init; }

    /// <summary>SHA-256 of the file as it is, in hexadecimal digits. Null: it has not been read to its end.</summary>
    public string? FileHash { get; set; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it said for the last time how far it had come.</summary>
    public required DateTimeOffset HeardAt { get; set; }

    /// <summary>When it came to its end, or was undone. Null: it has not.</summary>
    public DateTimeOffset? FinishedAt { get; set; }

    public long Lines { get; set; }

    /// <summary>Clicks that it added.</summary>
    public long Clicks { get; set; }

    /// <summary>Clicks that it added as <see cref="Clicks.Facts.ImportedTotal"/>s, of which it told only how many they were.</summary>
    public long Totals { get; set; }

    /// <summary>Links that it added.</summary>
    public long Links { get; set; }

    public long AlreadyThere { get; set; }

    /// <summary>Lines that were rejected.</summary>
    public long Bad { get; set; }

    /// <summary>An <see cref="ImportFindings"/>. Null: nothing is worth telling.</summary>
    public string? Findings { get; set; }

    public void Configure(EntityTypeBuilder<ImportRecord> builder)
    {
        builder.ToTable("Imports");
        builder.Property(import => import.Kind).HasConversion<string>().HasMaxLength(16).IsUnicode(false);
        builder.Property(import => import.State).HasConversion<string>().HasMaxLength(16).IsUnicode(false);
        builder.Property(import => import.Name).HasMaxLength(MaxNameLength);
        builder.Property(import => import.Format).HasMaxLength(MaxFormatLength).IsUnicode(false);
        builder.Property(import => import.FileHash).HasMaxLength(64).IsUnicode(false);
        builder.HasIndex(import => new { import.OwnerId, import.Id });
        builder.HasOne<SpooUser>().WithMany().HasForeignKey(import => import.OwnerId).OnDelete(DeleteBehavior.Cascade);
    }
}
