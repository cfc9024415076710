using System.Linq.Expressions;

namespace Spoo.Data.Links;

/// <summary>
/// What a link's limits make of its status. The stored status says what people did; that a limit has been reached follows from
/// the limit, so it is true the moment it happens and needs no write.
/// </summary>
public static class LinkRules
{
    public const int MinPasswordLength = 8;
    public const int MaxPasswordLength = 128;

    /// <summary>The status as visitors and owners meet it at this moment.</summary>
    public static LinkStatus StatusAt(this Link link, DateTimeOffset now) =>
        link.Status == LinkStatus.Active && link.HasReachedALimit(now) ? LinkStatus.Expired : link.Status;

    internal static bool HasReachedALimit(this Link link, DateTimeOffset now) =>
        link.ExpireAfter <= now || link.TotalClicks + link.ForgottenClicks - link.PreviewClicks >= link.MaxClicks;

    /// <summary><see cref="StatusAt"/> as a condition that databases understand.</summary>
    internal static Expression<Func<Link, bool>> Has(LinkStatus status, DateTimeOffset now) => status switch
    {
        LinkStatus.Active => link => link.Status == LinkStatus.Active
            && (link.ExpireAfter == null || link.ExpireAfter > now)
            && (link.MaxClicks == null || link.TotalClicks + link.ForgottenClicks - link.PreviewClicks < link.MaxClicks),
        LinkStatus.Expired => link => link.Status == LinkStatus.Expired
            || (link.Status == LinkStatus.Active && (link.ExpireAfter <= now || link.TotalClicks + link.ForgottenClicks - link.PreviewClicks >= link.MaxClicks)),
        _ => link => link.Status == status,
    };
}
