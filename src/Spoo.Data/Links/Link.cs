using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Spoo.Data.Accounts;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Domains;
using Spoo.Data.Links.Targets;

namespace Spoo.Data.Links;

public enum LinkStatus
{
    Active,

    /// <summary>Switched off by its owner.</summary>
    Inactive,

    /// <summary>A limit of clicks or time was reached.</summary>
    Expired,

    /// <summary>Switched off by the operator; only the operator can undo it.</summary>
    Blocked,
}

/// <summary>A short link: a code, a destination, limits and privacy.</summary>
public sealed class Link : IEntityTypeConfiguration<Link>
{
    public const int MaxLongUrlLength = 8192;
    public const int MaxTitleLength = 200;
    public const int MaxNoteLength = 2000;
    public const int MaxBlockedReasonLength = 500;

    /// <summary>The key within the database. It is a small number because every click carries it.</summary>
    public long Id { get; init; }

    /// <summary>The id outside of the database, a <see cref="Data.PublicId"/>.</summary>
    public required string PublicId { get; init; }

    /// <summary>Null: made by a visitor who was not signed in.</summary>
    public string? OwnerId { get; set; }

    /// <summary>The key of the <see cref="Domain"/> that it lives on. 0: the installation's own.</summary>
    public long DomainId { get; set; }

    /// <summary>The host of the <see cref="Domain"/>, which never changes. Null: the installation's own.</summary>
    public string? DomainHost { get; set; }

    /// <summary>The text of a <see cref="Links.Codes.ShortCode"/>; unique on its domain, and case-sensitive.</summary>
    public required string ShortCode
    {
        get;
        set => (field, FoldedCode) = (value, Links.Codes.ShortCode.Fold(value));
    }

    /// <summary>The code in small letters, by which domains find it where capital and small letters do not differ.</summary>
    public string FoldedCode { get; private set; } = "";

    public required string LongUrl { get; set; }

    /// <summary>What its owner calls it. Null: nothing but its code.</summary>
    public string? Title { get; set; }

    /// <summary>What its owner wants to remember about it; other people do not see it. Null: nothing.</summary>
    public string? Note { get; set; }

    /// <summary>For an imported link: when its source made it or when it was first clicked, whichever is earlier.</summary>
    public required DateTimeOffset CreatedAt { get; set; }

    /// <summary>Null: never changed.</summary>
    public DateTimeOffset? UpdatedAt { get; set; }

    public LinkStatus Status { get; set; }

    /// <summary>When its owner put it out of the way: it leads on, and is in no list unless that is asked for. Null: it is not.</summary>
    public DateTimeOffset? ArchivedAt { get; set; }

    /// <summary>What the operator says about why it is <see cref="LinkStatus.Blocked"/>. Null: it is not, or no reason was given.</summary>
    public string? BlockedReason { get; set; }

    /// <summary>Null: it is not blocked, or was before that was written down.</summary>
    public DateTimeOffset? BlockedAt { get; set; }

    /// <summary>What it was before it was blocked, and is again when that is undone. Null: it is not blocked, or was active.</summary>
    public LinkStatus? StatusBeforeBlock { get; set; }

    /// <summary>Null: no password is asked for.</summary>
    public string? PasswordHash { get; set; }

    /// <summary>Null: the maker of the link did not say, which means no.</summary>
    public bool? BlockBots { get; set; }

    /// <summary>Visits that were turned away, by <see cref="BlockBots"/> or because the link is blocked. They are not clicks.</summary>
    public long BlockedHits { get; set; }

    /// <summary>Whether the visitor's query is added to the destination's. Null: the maker of the link did not say, which means no.</summary>
    public bool? PassQuery { get; set; }

    /// <summary>Whether what follows the code in the address is added to the destination's path. Null: the maker of the link did not say, which means no.</summary>
    public bool? PassPath { get; set; }

    /// <summary>With which status visitors are sent on, one of <see cref="LinkRedirects.Statuses"/>. Null: 302.</summary>
    public int? RedirectStatus { get; set; }

    /// <summary>Who is sent elsewhere, and where to. Null: everybody is sent to the destination.</summary>
    public TargetRules? Rules { get; set; }

    /// <summary>What chats and networks draw of it. Null: what they find at its destination.</summary>
    public LinkPreview? Preview { get; set; }

    /// <summary>Where visitors are sent once a limit of time or clicks has been reached. Null: they are told that it has ended.</summary>
    public string? ExpiredUrl { get; set; }

    /// <summary>Null: unlimited.</summary>
    public long? MaxClicks { get; set; }

    /// <summary>Null: never.</summary>
    public DateTimeOffset? ExpireAfter { get; set; }

    /// <summary>Before this moment it leads nowhere. Null: it has led on since it was made.</summary>
    public DateTimeOffset? StartsAt { get; set; }

    /// <summary>Where visitors are sent before <see cref="StartsAt"/>. Null: they are told when it begins.</summary>
    public string? PreStartUrl { get; set; }

    /// <summary>Whether only the owner may see the statistics. Null: the maker of the link did not say, which means no.</summary>
    public bool? PrivateStats { get; set; }

    /// <summary>Clicks stored for this link; moves in the same transaction as the rows.</summary>
    public long TotalClicks { get; set; }

    /// <summary>Clicks that were deleted because their owner keeps them for so long only. They still count towards <see cref="MaxClicks"/>.</summary>
    public long ForgottenClicks { get; set; }

    /// <summary>
    /// Clicks beside these of which imports have told only how many they were. They are in no other number of the link, and do not count towards
    /// <see cref="MaxClicks"/>.
    /// </summary>
    public long ImportedClicks { get; set; }

    /// <summary>
    /// Clicks that were a chat's or a network's who draw a card of the link. They do not count towards <see cref="MaxClicks"/>, and stay
    /// in this number when they are forgotten.
    /// </summary>
    public long PreviewClicks { get; set; }

    /// <summary>Null: never clicked, or no click is kept.</summary>
    public DateTimeOffset? LastClick { get; set; }

    /// <summary>SHA-256 of the token with which an anonymous maker can take the link into an account. Null: there is none, or it has an owner.</summary>
    public string? ClaimHash { get; set; }

    /// <summary>Only where they were asked for together with the link.</summary>
    public List<LinkTag> Tags { get; init; } = [];

    /// <summary>What the link is called where links of several domains stand together.</summary>
    public string Name => new LinkName(DomainHost, ShortCode).ToString();

    /// <summary>Puts the link below this host, with the code that it has.</summary>
    /// <param name="domain">Null: the installation's own.</param>
    internal void MoveTo(Domain? domain) => (DomainId, DomainHost) = (domain?.Id ?? Domain.Default, domain?.Host);

    /// <summary>A link that was made without signing in has no owner, and no anonymous visitor owns it.</summary>
    public bool IsOwnedBy(Viewer viewer) => OwnerId is not null && OwnerId == viewer.UserId;

    public void Configure(EntityTypeBuilder<Link> builder)
    {
        builder.ToTable("Links");
        builder.Property(link => link.PublicId).HasMaxLength(Data.PublicId.Length).IsUnicode(false);
        builder.Property(link => link.ShortCode).HasMaxLength(Links.Codes.ShortCode.MaxLength);
        builder.Property(link => link.FoldedCode).HasMaxLength(Links.Codes.ShortCode.MaxLength);
        builder.Property(link => link.DomainHost).HasMaxLength(Domain.MaxHostLength).IsUnicode(false);
        builder.Ignore(link => link.Name);
        builder.Property(link => link.LongUrl).HasMaxLength(MaxLongUrlLength);
        builder.Property(link => link.Title).HasMaxLength(MaxTitleLength);
        builder.Property(link => link.Note).HasMaxLength(MaxNoteLength);
        builder.Property(link => link.Status).HasConversion<string>().HasMaxLength(16).IsUnicode(false);
        builder.Property(link => link.BlockedReason).HasMaxLength(MaxBlockedReasonLength);
        builder.Property(link => link.StatusBeforeBlock).HasConversion<string>().HasMaxLength(16).IsUnicode(false);
        builder.Property(link => link.PasswordHash).HasMaxLength(200).IsUnicode(false);
        builder.Property(link => link.Rules).HasConversion(rules => rules == null ? null : rules.ToString(), text => TargetRules.Parse(text));
        builder.Property(link => link.Preview).HasConversion(preview => preview == null ? null : preview.Stored(), text => LinkPreview.Parse(text)).HasMaxLength(LinkPreview.MaxStoredLength);
        builder.Property(link => link.ExpiredUrl).HasMaxLength(MaxLongUrlLength);
        builder.Property(link => link.PreStartUrl).HasMaxLength(MaxLongUrlLength);
        builder.Property(link => link.ClaimHash).HasMaxLength(64).IsUnicode(false);
        builder.HasIndex(link => link.PublicId).IsUnique();
        builder.Property(link => link.DomainId).HasDefaultValue(Domain.Default);
        builder.HasIndex(link => new { link.DomainId, link.ShortCode }).IsUnique();
        builder.HasIndex(link => new { link.DomainId, link.FoldedCode });

        // One for each order that lists have, so that a page of a long list is read from one end of an index.
        builder.HasIndex(link => new { link.OwnerId, link.CreatedAt });
        builder.HasIndex(link => new { link.OwnerId, link.TotalClicks });
        builder.HasIndex(link => new { link.OwnerId, link.LastClick });
        builder.HasIndex(link => new { link.OwnerId, link.ShortCode });

        // For those that end by the clock, and for those that are out of the way: both are few.
        builder.HasIndex(link => new { link.OwnerId, link.ArchivedAt }).HasFilter("ArchivedAt IS NOT NULL");
        builder.HasIndex(link => link.ExpireAfter).HasFilter("ExpireAfter IS NOT NULL");
        builder.HasOne<SpooUser>().WithMany().HasForeignKey(link => link.OwnerId).OnDelete(DeleteBehavior.Cascade);
    }
}
