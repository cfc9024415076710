using Microsoft.AspNetCore.Identity;

namespace Spoo.Data.Accounts;

/// <summary>A person who signs in and owns links. The id is a <see cref="PublicId"/>; the wire calls it <c>owner_id</c>.</summary>
public sealed class SpooUser : IdentityUser
{
    public const int MaxDisplayNameLength = 100;
    public const int MinRetentionDays = 1;
    public const int MaxRetentionDays = 36_500;

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>What pages call this person. Null: by the e-mail address.</summary>
    public string? DisplayName { get; set; }

    /// <summary>The language of pages and mails, such as <c>de</c>. Null: what each browser asks for.</summary>
    public string? Language { get; set; }

    /// <summary>The IANA name of the zone in which pages show time. Null: that of each browser.</summary>
    public string? TimeZone { get; set; }

    /// <summary>The name of the period with which a dashboard begins. Null: the product's own choice.</summary>
    public string? DefaultPeriod { get; set; }

    /// <summary>Whether dashboards begin with the clicks of people alone. Accounts that were made before there was a choice count bots.</summary>
    public bool PeopleOnly { get; set; }

    /// <summary>Clicks that are older than so many days are deleted. Null: clicks are kept.</summary>
    public int? RetentionDays { get; set; }

    /// <summary>The half minute whose code of the authenticator app was used last; none of it or before works again.</summary>
    public long LastCodeStep { get; set; }

    /// <summary>Since when an administrator keeps this person out. Null: they may sign in.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>When they last asked for a page, to some minutes. Null: never, or before that was written down.</summary>
    public DateTimeOffset? LastSeenAt { get; set; }

    /// <summary>Another value whenever links with clicks come to this account or leave it, or clicks are removed from its links. Null: that never happened.</summary>
    public byte[]? ClickEpoch { get; set; }

    /// <summary>What pages call this person.</summary>
    public string Title => DisplayName ?? Email ?? "";

    /// <summary>A person who signs in with this address.</summary>
    public static SpooUser New(string email, DateTimeOffset now, string? passwordHash = null) =>
        new() { Id = PublicId.New(now), UserName = email, Email = email, CreatedAt = now, PasswordHash = passwordHash, PeopleOnly = true };
}
