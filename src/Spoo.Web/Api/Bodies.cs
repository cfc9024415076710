using System.ComponentModel;
using System.Text.Json;
using Spoo.Web.Api.Links;

namespace Spoo.Web.Api;

// The fields of bodies, for the API's reference: JsonFields reads them one by one.

internal sealed record ShortenBody(
    [property: Description("Where the link leads: http or https, up to 8192 characters. The older name is url.")] string LongUrl,
    [property: Description("3 to 16 characters of A-Z, a-z, 0-9, _ and -, or 1 to 15 emoji (no flags, keycaps or joined ones). Absent: a random one.")] string? Alias = null,
    [property: Description("8 to 128 characters that visitors are asked for.")] string? Password = null,
    [property: Description("Whether crawlers and other programs are turned away.")] bool? BlockBots = null,
    [property: Description("The link ends after so many clicks; 1 or more.")] long? MaxClicks = null,
    [property: Description("When the link ends: ISO 8601 or a Unix time, in the future.")] string? ExpireAfter = null,
    [property: Description("Whether only the owner sees the statistics. Default: true for accounts.")] bool? PrivateStats = null,
    [property: Description("Whether what visitors ask for (?a=b) is passed on to the destination. Default: false.")] bool? PassQuery = null,
    [property: Description("Up to 10 words of up to 40 characters to find the link by; kept in small letters.")] IReadOnlyList<string>? Tags = null,
    [property: Description("What to call the link in lists; up to 200 characters.")] string? Title = null,
    [property: Description("What to remember about the link; up to 2000 characters, for its owner alone.")] string? Note = null,
    [property: Description("Whether what follows the alias (alias/a/b) is added to the path of the destination. Default: false.")] bool? PassPath = null,
    [property: Description("302, 301, 307 or 308. Browsers keep 301 and 308 for up to 90 seconds, and what they keep is not counted. Default: 302.")] int? RedirectStatus = null,
    [property: Description("Where visitors are sent once the link has ended by its time or clicks; they are not counted. Default: nowhere, they are told.")] string? ExpiredRedirectUrl = null,
    [property: Description("When the link begins: ISO 8601 or a Unix time, before expire_after. Default: at once.")] string? StartsAt = null,
    [property: Description("Where visitors are sent before that; they are not counted. Default: nowhere, they are told when it begins.")] string? PreStartUrl = null,
    [property: Description("Country code and address: visitors from there are sent there. At most 50 rules in all; {} or null takes them away.")] IReadOnlyDictionary<string, string>? GeoRules = null,
    [property: Description("A split test: up to 10 addresses with the part of visitors, of a hundred, that is sent there.")] IReadOnlyList<VariantBody>? AbVariants = null,
    [property: Description("All rules in the order in which they are asked: the first that holds says where to. geo_rules and ab_variants are rules of these as well.")] IReadOnlyList<RedirectRuleBody>? RedirectRules = null,
    [property: Description("The card that chats and networks draw of the link; null takes it away.")] MetaTagsBody? MetaTags = null,
    [property: Description("How an absent alias is made up: alphanumeric, which is the default, or emoji.")] string? AliasType = null,
    [property: Description("A domain of the caller's, such as links.example.com. Absent: the server's own.")] string? Domain = null,
    [property: Description("Whether a link of the caller's that is there already, leads to the same and is otherwise what was asked for, is as good as a new one; it is then answered with 200. Default: false.")] bool? Reuse = null,
    [property: Description("Whether the link is out of the way from the beginning: it leads on, and is in no list unless that is asked for. Default: false.")] bool? Archived = null,
    [property: Description("ACTIVE, which is the default, or INACTIVE: the link leads nowhere until it is switched on.")] string? Status = null);

internal sealed record EditBody(
    string? LongUrl = null,
    string? Alias = null,
    [property: Description("null or an empty text takes the password away.")] string? Password = null,
    [property: Description("null: as it is.")] bool? BlockBots = null,
    [property: Description("0 or null takes the limit away.")] long? MaxClicks = null,
    [property: Description("null takes the end away.")] string? ExpireAfter = null,
    [property: Description("null: as it is.")] bool? PrivateStats = null,
    [property: Description("ACTIVE or INACTIVE.")] string? Status = null,
    [property: Description("null: as it is.")] bool? PassQuery = null,
    [property: Description("All tags that the link has from now on; an empty list takes them away.")] IReadOnlyList<string>? Tags = null,
    [property: Description("null or an empty text takes the title away.")] string? Title = null,
    [property: Description("null or an empty text takes the note away.")] string? Note = null,
    [property: Description("Whether what follows the alias (alias/a/b) is added to the path of the destination. Default: false.")] bool? PassPath = null,
    [property: Description("302, 301, 307 or 308. Browsers keep 301 and 308 for up to 90 seconds, and what they keep is not counted. Default: 302.")] int? RedirectStatus = null,
    [property: Description("Where visitors are sent once the link has ended by its time or clicks; they are not counted. Default: nowhere, they are told.")] string? ExpiredRedirectUrl = null,
    [property: Description("When the link begins: ISO 8601 or a Unix time, before expire_after. Default: at once.")] string? StartsAt = null,
    [property: Description("Where visitors are sent before that; they are not counted. Default: nowhere, they are told when it begins.")] string? PreStartUrl = null,
    [property: Description("Country code and address: visitors from there are sent there. At most 50 rules in all; {} or null takes them away.")] IReadOnlyDictionary<string, string>? GeoRules = null,
    [property: Description("A split test: up to 10 addresses with the part of visitors, of a hundred, that is sent there.")] IReadOnlyList<VariantBody>? AbVariants = null,
    [property: Description("All rules in the order in which they are asked: the first that holds says where to. geo_rules and ab_variants are rules of these as well.")] IReadOnlyList<RedirectRuleBody>? RedirectRules = null,
    [property: Description("The card that chats and networks draw of the link; null takes it away.")] MetaTagsBody? MetaTags = null,
    [property: Description("Moves the link to a domain of the caller's; null or an empty text: to the server's own.")] string? Domain = null,
    [property: Description("Whether the link is out of the way: it leads on, and is in no list unless that is asked for.")] bool? Archived = null);

internal sealed record StatusBody([property: Description("ACTIVE or INACTIVE.")] string Status);

internal sealed record BulkBody([property: Description("1 to 100 ids.")] IReadOnlyList<string> Ids);

internal sealed record BulkStatusBody(
    [property: Description("1 to 100 ids.")] IReadOnlyList<string> Ids, [property: Description("ACTIVE or INACTIVE.")] string Status);

internal sealed record BulkExpiryBody(
    [property: Description("1 to 100 ids.")] IReadOnlyList<string> Ids,
    [property: Description("ISO 8601 or a Unix time; null means never.")] string? ExpireAfter);

internal sealed record BulkDomainBody(
    [property: Description("1 to 100 ids.")] IReadOnlyList<string> Ids,
    [property: Description("A domain of the caller's; null: the server's own.")] string? Domain);

internal sealed record BulkEditBody(
    [property: Description("1 to 100 ids. All other fields are those of PATCH /api/v1/urls/{id}, but for alias, which is each link's own.")] IReadOnlyList<string> Ids);

internal sealed record ClaimBody([property: Description("1 to 16 links.")] IReadOnlyList<ClaimedLink> Claims);

internal sealed record ClaimedLink(
    [property: Description("The id of the link.")] string UrlId,
    [property: Description("The claim_token that came with the link. The other name is claim_token.")] string Token);

internal sealed record KeyBody(
    [property: Description("1 to 255 characters.")] string Name,
    [property: Description("One or more of shorten:create, urls:manage, urls:read, stats:read, domains:read, domains:manage, reports:create, webhooks:read, webhooks:manage, admin:all.")] IReadOnlyList<string> Scopes,
    [property: Description("At most 1000 characters.")] string? Description = null,
    [property: Description("ISO 8601 or a Unix time, in the future; absent: the key does not expire.")] string? ExpiresAt = null);

internal sealed record DeviceTokenBody(
    [property: Description("The code that the page gave the app.")] string Code,
    [property: Description("What the code_challenge was made of: 43 to 128 characters. Absent where there was none, as with the released spoo-cli.")] string? CodeVerifier = null);

internal sealed record DeviceRefreshBody([property: Description("The refresh token that was given last.")] string RefreshToken);

internal sealed record DeviceRevokeBody([property: Description("The app, or one grant of it in grant_id.")] string AppId);

internal sealed record LayoutBody([property: Description("Any object of up to 32 KiB.")] JsonElement Layout);

internal sealed record PasswordBody([property: Description("The password of the link, at most 200 characters; null where it has none.")] string? Password = null);

internal sealed record ReportsBody(
    [property: Description("1 to 25 links; with an account up to 100.")] IReadOnlyList<ReportedItem> Items,
    [property: Description("Where to ask back. It is forgotten when the report is closed.")] string? ReporterEmail = null,
    [property: Description("For whom you speak; up to 200 characters.")] string? ReporterOrg = null,
    [property: Description("Taken and not needed: this server asks for none.")] string? CaptchaToken = null);

internal sealed record ReportedItem(
    [property: Description("A short code, or a whole short link.")] string CodeOrUrl,
    [property: Description("phishing, malware, spam, illegal_content or other.")] string Reason,
    [property: Description("In your own words; up to 2000 characters.")] string? Details = null,
    [property: Description("How the link reached you: sms, email, dm, social, web or other.")] string? Vector = null);
