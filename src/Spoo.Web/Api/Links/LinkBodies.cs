using System.Text.Json.Serialization;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;

namespace Spoo.Web.Api.Links;

/// <summary>The wire's words for our enumerations.</summary>
internal static class LinkWords
{
    public static IReadOnlyDictionary<string, LinkStatus> Statuses { get; } = Enum.GetValues<LinkStatus>().ToDictionary(Of);

    /// <summary>Those that an owner may choose.</summary>
    public static IReadOnlyDictionary<string, LinkStatus> OwnersStatuses { get; } =
        new[] { LinkStatus.Active, LinkStatus.Inactive }.ToDictionary(Of);

    public static IReadOnlyList<string> TagsOf(Link link) => [.. link.Tags.Select(tag => tag.Name).Order(StringComparer.Ordinal)];

    public static string Of(LinkStatus status) => status.ToString().ToUpperInvariant();
}

/// <summary>A link in a list, and by itself.</summary>
/// <param name="Id">24 hexadecimal digits; stays the same when the alias changes.</param>
/// <param name="Domain">The host that it is on: the server's own, or one of the account's.</param>
/// <param name="Status">ACTIVE, INACTIVE, EXPIRED or BLOCKED, as visitors meet it now.</param>
/// <param name="ExpireAfter">In Unix seconds. Null: never.</param>
/// <param name="MaxClicks">Null: unlimited.</param>
/// <param name="PrivateStats">Null: not said, which means no.</param>
/// <param name="BlockBots">Null: not said, which means no.</param>
/// <param name="LastClick">Null: never clicked.</param>
/// <param name="PassQuery">Null: not said, which means no.</param>
/// <param name="Tags">By name.</param>
/// <param name="ImportedClicks">Clicks beside total_clicks, of which an import has told only how many they were. Absent: none.</param>
internal sealed record LinkItem(
    string Id,
    string Alias,
    string Domain,
    string LongUrl,
    string Status,
    DateTimeOffset CreatedAt,
    long? ExpireAfter,
    long? MaxClicks,
    bool? PrivateStats,
    bool? BlockBots,
    bool PasswordSet,
    long TotalClicks,
    DateTimeOffset? LastClick,
    bool? PassQuery,
    IReadOnlyList<string> Tags,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Title,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Note,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? PassPath,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? RedirectStatus,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ExpiredRedirectUrl,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? StartsAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PreStartUrl,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? GeoRules,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<VariantBody>? AbVariants,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<RedirectRuleBody>? RedirectRules,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] MetaTagsBody? MetaTags,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Archived,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? ImportedClicks)
{
    public static LinkItem Of(Link link, string domain, DateTimeOffset now) => new(
        link.PublicId,
        link.ShortCode,
        domain,
        link.LongUrl,
        LinkWords.Of(link.StatusAt(now)),
        link.CreatedAt,
        link.ExpireAfter?.ToUnixTimeSeconds(),
        link.MaxClicks,
        link.PrivateStats,
        link.BlockBots,
        link.PasswordHash is not null,
        link.TotalClicks,
        link.LastClick,
        link.PassQuery,
        LinkWords.TagsOf(link),
        link.Title,
        link.Note,
        link.PassPath,
        link.RedirectStatus,
        link.ExpiredUrl,
        link.StartsAt,
        link.PreStartUrl,
        RedirectRuleBody.CountriesOf(link),
        VariantBody.Of(link),
        RedirectRuleBody.Of(link),
        MetaTagsBody.Of(link),
        link.ArchivedAt is null ? null : true,
        link.ImportedClicks == 0 ? null : link.ImportedClicks);
}

/// <param name="Total">Links on all pages together.</param>
internal sealed record LinkPage(
    IReadOnlyList<LinkItem> Items,
    int Page,
    [property: JsonPropertyName("pageSize")] int PageSize,
    int Total,
    [property: JsonPropertyName("hasNext")] bool HasNext,
    [property: JsonPropertyName("sortBy")] string SortBy,
    [property: JsonPropertyName("sortOrder")] string SortOrder);

/// <summary>A link that was just made.</summary>
/// <param name="OwnerId">Null: made without signing in.</param>
/// <param name="CreatedAt">In Unix seconds.</param>
/// <param name="PassQuery">Null: not said, which means no.</param>
/// <param name="Tags">By name.</param>
/// <param name="ClaimToken">Only when the link was made without signing in: with it, an account can claim the link. It is not shown again.</param>
internal sealed record ShortenedLink(
    string Id,
    string Alias,
    string Domain,
    string ShortUrl,
    string LongUrl,
    string? OwnerId,
    long CreatedAt,
    string Status,
    bool? PrivateStats,
    bool? PassQuery,
    IReadOnlyList<string> Tags,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Title,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Note,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? PassPath,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? RedirectStatus,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ExpiredRedirectUrl,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? StartsAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PreStartUrl,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? GeoRules,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<VariantBody>? AbVariants,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<RedirectRuleBody>? RedirectRules,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] MetaTagsBody? MetaTags,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Archived,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ClaimToken)
{
    public static ShortenedLink Of(Link link, string domain, string shortUrl, string? claimToken) => new(
        link.PublicId,
        link.ShortCode,
        domain,
        shortUrl,
        link.LongUrl,
        link.OwnerId,
        link.CreatedAt.ToUnixTimeSeconds(),
        LinkWords.Of(link.Status),
        link.PrivateStats,
        link.PassQuery,
        LinkWords.TagsOf(link),
        link.Title,
        link.Note,
        link.PassPath,
        link.RedirectStatus,
        link.ExpiredUrl,
        link.StartsAt,
        link.PreStartUrl,
        RedirectRuleBody.CountriesOf(link),
        VariantBody.Of(link),
        RedirectRuleBody.Of(link),
        MetaTagsBody.Of(link),
        link.ArchivedAt is null ? null : true,
        claimToken);
}

/// <summary>A link that was just changed.</summary>
/// <param name="ExpireAfter">In Unix seconds. Null: never.</param>
/// <param name="UpdatedAt">In Unix seconds; 0 when the link was never changed.</param>
internal sealed record ChangedLink(
    string Id,
    string Alias,
    string Domain,
    string LongUrl,
    string Status,
    bool PasswordSet,
    long? MaxClicks,
    long? ExpireAfter,
    bool? BlockBots,
    bool? PrivateStats,
    long UpdatedAt,
    bool? PassQuery,
    IReadOnlyList<string> Tags,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Title,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Note,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? PassPath,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? RedirectStatus,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ExpiredRedirectUrl,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? StartsAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PreStartUrl,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? GeoRules,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<VariantBody>? AbVariants,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<RedirectRuleBody>? RedirectRules,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] MetaTagsBody? MetaTags,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Archived)
{
    public static ChangedLink Of(Link link, string domain, DateTimeOffset now) => new(
        link.PublicId,
        link.ShortCode,
        domain,
        link.LongUrl,
        LinkWords.Of(link.StatusAt(now)),
        link.PasswordHash is not null,
        link.MaxClicks,
        link.ExpireAfter?.ToUnixTimeSeconds(),
        link.BlockBots,
        link.PrivateStats,
        link.UpdatedAt?.ToUnixTimeSeconds() ?? 0,
        link.PassQuery,
        LinkWords.TagsOf(link),
        link.Title,
        link.Note,
        link.PassPath,
        link.RedirectStatus,
        link.ExpiredUrl,
        link.StartsAt,
        link.PreStartUrl,
        RedirectRuleBody.CountriesOf(link),
        VariantBody.Of(link),
        RedirectRuleBody.Of(link),
        MetaTagsBody.Of(link),
        link.ArchivedAt is null ? null : true);
}

internal sealed record DeletedLink(string Message, string Id);

internal sealed record DeletedLinks(string Message, int Count, string Domain);

/// <param name="Reason">Null: it is available. Otherwise length, format, reserved or taken.</param>
internal sealed record AliasAnswer(bool Available, string? Reason);

/// <param name="Claimed">How many links are new in the account.</param>
internal sealed record ClaimAnswer(int Claimed, IReadOnlyList<ClaimResult> Results, BulkSummary Summary);

/// <param name="Status">claimed, already_yours or invalid.</param>
/// <param name="Alias">Null: no link waits for this token.</param>
/// <param name="ErrorCode">Null: it worked.</param>
/// <param name="Error">Null: it worked.</param>
internal sealed record ClaimResult(string UrlId, string Status, string? Alias, bool Ok, string? ErrorCode, string? Error);

internal sealed record BulkAnswer(BulkSummary Summary, IReadOnlyList<BulkResult> Results);

internal sealed record BulkSummary(int Total, int Succeeded, int Failed);

/// <param name="Alias">Null: the link could not be found, or is not the caller's.</param>
/// <param name="ErrorCode">Null: it worked.</param>
/// <param name="Error">Null: it worked.</param>
internal sealed record BulkResult(string Id, string? Alias, bool Ok, string? ErrorCode, string? Error);
