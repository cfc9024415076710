using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Spoo.Data.Accounts;

/// <summary>A sign-in of a person in one browser. A cookie is only believed while there is this record of it.</summary>
public sealed class UserSession : IEntityTypeConfiguration<UserSession>
{
    public const int MaxClientLength = 100;

    private const int IdBytes = 16;
    private const int IdLength = 22;

    /// <summary>Random; only the cookie, which is sealed, and this table know it.</summary>
    public required string Id { get; init; }

    public required string UserId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a page was last asked for, to some minutes.</summary>
    public required DateTimeOffset LastSeenAt { get; set; }

    /// <summary>When the password was last entered, or the person proved otherwise who they are.</summary>
    public required DateTimeOffset PasswordAt { get; set; }

    /// <summary>The browser and its system, such as <c>Firefox on Linux</c>; never an address. Null: not known.</summary>
    public string? Client { get; init; }

    public static string NewId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes));

    public void Configure(EntityTypeBuilder<UserSession> builder)
    {
        builder.ToTable("UserSessions");
        builder.Property(session => session.Id).HasMaxLength(IdLength).IsUnicode(false);
        builder.Property(session => session.Client).HasMaxLength(MaxClientLength);
        builder.HasOne<SpooUser>().WithMany().HasForeignKey(session => session.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
