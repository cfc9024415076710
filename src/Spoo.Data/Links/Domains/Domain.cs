using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Spoo.Data.Accounts;

namespace Spoo.Data.Links.Domains;

public enum DomainState
{
    /// <summary>Named by a person who has not proved yet that it is theirs.</summary>
    Pending,

    /// <summary>Its links lead on.</summary>
    Active,

    /// <summary>Switched off by an administrator, who alone can undo it.</summary>
    Suspended,

    /// <summary>Given up. Its links are kept, and lead nowhere until it is added again.</summary>
    Revoked,
}

/// <summary>A record of a name server.</summary>
public sealed record DomainRecord(string Type, string Name, string Value);

/// <summary>A host name under which codes live, beside the installation's own.</summary>
public sealed class Domain : IEntityTypeConfiguration<Domain>
{
    /// <summary>Stands in links for the domain of the installation itself, which has no row.</summary>
    public const long Default = 0;

    public const int MaxHostLength = 253;
    public const int MaxUrlLength = 2083;
    public const int MaxRobotsLength = 4096;
    public const int MaxFaultLength = 500;

    /// <summary>The key within the database, which links carry; from 1 on.</summary>
    public long Id { get; init; }

    /// <summary>The id outside of the database, a <see cref="Data.PublicId"/>.</summary>
    public required string PublicId { get; init; }

    /// <summary>In lower case and ASCII, without a port or a dot at its end.</summary>
    public required string Host { get; init; }

    /// <summary>Null: added by an administrator, for everybody with an account.</summary>
    public string? OwnerId { get; init; }

    public required DomainState State { get; set; }

    /// <summary>What a person publishes at the domain to prove that it is theirs. Null: an administrator's word is enough.</summary>
    public string? Token { get; set; }

    /// <summary>Where the address of the domain alone leads. Null: to a page that says that nothing is there.</summary>
    public string? HomeUrl { get; set; }

    /// <summary>Where a code leads that the domain does not have. Null: to a page that says so.</summary>
    public string? NotFoundUrl { get; set; }

    /// <summary>Where links lead that have ended and say nothing of the time after. Null: visitors are told that it has ended.</summary>
    public string? EndedUrl { get; set; }

    /// <summary>Whether capital and small letters of codes do not differ on it.</summary>
    public bool IgnoresCase { get; set; }

    /// <summary>What search engines are told. Null: to stay away.</summary>
    public string? RobotsText { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null: never changed.</summary>
    public DateTimeOffset? UpdatedAt { get; set; }

    /// <summary>When it last proved to be its owner's. Null: never.</summary>
    public DateTimeOffset? VerifiedAt { get; set; }

    /// <summary>Null: it is not revoked.</summary>
    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>Why the last proof failed. Null: it did not, or there was none.</summary>
    public string? Fault { get; set; }

    /// <summary>What its owner publishes at the name server: the proof, and what leads visitors here.</summary>
    /// <param name="ownHost">The installation's own name.</param>
    public IReadOnlyList<DomainRecord> RecordsFor(string ownHost)
    {
        var records = new List<DomainRecord>();
        if (Token is not null)
        {
            records.Add(new("TXT", DomainProof.RecordStart + Host, Token));
        }

        // A name that only this machine knows would lead nobody here.
        if (DomainHosts.Parse(ownHost) is { } own && DomainHosts.IsPublic(own))
        {
            records.Add(new("CNAME", Host, own));
        }

        return records;
    }

    public void Configure(EntityTypeBuilder<Domain> builder)
    {
        builder.ToTable("Domains");
        builder.Property(domain => domain.PublicId).HasMaxLength(Data.PublicId.Length).IsUnicode(false);
        builder.Property(domain => domain.Host).HasMaxLength(MaxHostLength).IsUnicode(false);
        builder.Property(domain => domain.State).HasConversion<string>().HasMaxLength(16).IsUnicode(false);
        builder.Property(domain => domain.Token).HasMaxLength(64).IsUnicode(false);
        builder.Property(domain => domain.HomeUrl).HasMaxLength(MaxUrlLength);
        builder.Property(domain => domain.NotFoundUrl).HasMaxLength(MaxUrlLength);
        builder.Property(domain => domain.EndedUrl).HasMaxLength(MaxUrlLength);
        builder.Property(domain => domain.RobotsText).HasMaxLength(MaxRobotsLength);
        builder.Property(domain => domain.Fault).HasMaxLength(MaxFaultLength);
        builder.HasIndex(domain => domain.PublicId).IsUnique();

        // Of all who name a host, one can have proved it. Who has not cannot keep its true owner away.
        builder.HasIndex(domain => domain.Host).IsUnique().HasFilter("State IN ('Active', 'Suspended')");
        builder.HasOne<SpooUser>().WithMany().HasForeignKey(domain => domain.OwnerId).OnDelete(DeleteBehavior.Cascade);
    }
}
