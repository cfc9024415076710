namespace Spoo.Data.Accounts;

/// <summary>What an API key may do. The names are the wire's.</summary>
public static class ApiKeyScope
{
    public const string ShortenCreate = "shorten:create";
    public const string UrlsManage = "urls:manage";
    public const string UrlsRead = "urls:read";
    public const string StatsRead = "stats:read";
    public const string DomainsRead = "domains:read";
    public const string DomainsManage = "domains:manage";
    public const string ReportsCreate = "reports:create";
    public const string WebhooksRead = "webhooks:read";
    public const string WebhooksManage = "webhooks:manage";
    public const string AdminAll = "admin:all";

    public static IReadOnlyList<string> All { get; } =
        [ShortenCreate, UrlsManage, UrlsRead, StatsRead, DomainsRead, DomainsManage, ReportsCreate, WebhooksRead, WebhooksManage, AdminAll];

    /// <summary>Those that open something here, which by now are all.</summary>
    public static IReadOnlyList<string> Offered => All;
}
