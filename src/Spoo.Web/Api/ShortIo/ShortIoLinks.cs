using System.Globalization;
using System.Text.Json.Serialization;
using Spoo.Data;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Destinations;
using Spoo.Data.Links.Targets;
using Spoo.Web.Api.Links;

namespace Spoo.Web.Api.ShortIo;

/// <summary>The id of a link as Short.io's programs know ids.</summary>
internal static class ShortIoId
{
    private const string Start = "lnk_";

    public static string Of(Link link) => Start + link.PublicId;

    /// <summary>Our id of a link, or its code, out of what a program calls it.</summary>
    public static string In(string text) =>
        text.StartsWith(Start, StringComparison.Ordinal) && PublicId.IsValid(text[Start.Length..]) ? text[Start.Length..] : text;
}

internal sealed record ShortIoLinkPage(
    int Count, IReadOnlyList<ShortIoLink> Links, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextPageToken);

internal sealed record ShortIoDeleted(bool Success, string IdString);

/// <summary>A link in Short.io's words. What links here have not is null or false, as it is there where it was not asked for.</summary>
internal sealed record ShortIoLink
{
    public required string Id { get; init; }

    public required string IdString { get; init; }

    [JsonPropertyName("shortURL")]
    public required string ShortUrl { get; init; }

    [JsonPropertyName("secureShortURL")]
    public required string SecureShortUrl { get; init; }

    [JsonPropertyName("originalURL")]
    public required string OriginalUrl { get; init; }

    public required string Path { get; init; }

    [JsonPropertyName("DomainId")]
    public required long DomainId { get; init; }

    [JsonPropertyName("OwnerId")]
    public required string? OwnerId { get; init; }

    public required string? Title { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public required bool HasPassword { get; init; }

    public required long? ClicksLimit { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }

    [JsonPropertyName("expiredURL")]
    public required string? ExpiredUrl { get; init; }

    [JsonPropertyName("iphoneURL")]
    public required string? IphoneUrl { get; init; }

    [JsonPropertyName("androidURL")]
    public required string? AndroidUrl { get; init; }

    [JsonPropertyName("splitURL")]
    public required string? SplitUrl { get; init; }

    public required int? SplitPercent { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required string RedirectType { get; init; }

    [JsonPropertyName("skipQS")]
    public required bool SkipQs { get; init; }

    public required string? UtmSource { get; init; }

    public required string? UtmMedium { get; init; }

    public required string? UtmCampaign { get; init; }

    public required string? UtmTerm { get; init; }

    public required string? UtmContent { get; init; }

    public bool Archived { get; init; }

    public bool Cloaking { get; }

    public string Source { get; } = "api";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Success { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Duplicate { get; init; }

    public static ShortIoLink Of(Link link, string shortUrl)
    {
        var campaign = UtmParameters.In(link.LongUrl);
        var split = link.Rules?.All.FirstOrDefault(rule => rule.HasWeightOnly);
        return new ShortIoLink
        {
            Id = ShortIoId.Of(link),
            IdString = ShortIoId.Of(link),
            ShortUrl = shortUrl,
            SecureShortUrl = shortUrl.StartsWith("http:", StringComparison.Ordinal) ? "https:" + shortUrl["http:".Length..] : shortUrl,
            OriginalUrl = link.LongUrl,
            Path = link.ShortCode,
            DomainId = ShortIoDomains.IdOf(link),
            OwnerId = link.OwnerId,
            Title = link.Title,
            Tags = LinkWords.TagsOf(link),
            HasPassword = link.PasswordHash is not null,
            ClicksLimit = link.MaxClicks,
            ExpiresAt = link.ExpireAfter,
            ExpiredUrl = link.ExpiredUrl,
            Archived = link.ArchivedAt is not null,
            IphoneUrl = AppOf(ShortIoLinkFields.Iphone),
            AndroidUrl = AppOf(ShortIoLinkFields.Android),
            SplitUrl = split?.Url,
            SplitPercent = split?.Weight,
            RedirectType = (link.RedirectStatus ?? LinkRedirects.Default).ToString(CultureInfo.InvariantCulture),
            CreatedAt = link.CreatedAt,
            UpdatedAt = link.UpdatedAt ?? link.CreatedAt,
            SkipQs = link.PassQuery != true,
            UtmSource = Value("utm_source"),
            UtmMedium = Value("utm_medium"),
            UtmCampaign = Value("utm_campaign"),
            UtmTerm = Value("utm_term"),
            UtmContent = Value("utm_content"),
        };

        string? AppOf(string system) => link.Rules?.All.FirstOrDefault(rule => rule.HasSystemsOnly && rule.Systems.Contains(system))?.Url;
        string? Value(string name) => campaign[name] is { Length: > 0 } value ? value : null;
    }
}

/// <summary>A domain in Short.io's words.</summary>
internal sealed record ShortIoDomainBody
{
    public required long Id { get; init; }

    public required string Hostname { get; init; }

    public required string UnicodeHostname { get; init; }

    public string State { get; } = "configured";

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public bool HasFavicon { get; } = true;

    public bool HideReferer { get; }

    public string LinkType { get; } = "random";

    public bool Cloaking { get; }

    public bool HideVisitorIp { get; } = true;

    public bool CaseSensitive { get; } = true;

    public string Robots { get; } = "noindex";

    public bool ExportEnabled { get; } = true;

    public bool IsFavorite { get; }

    public static ShortIoDomainBody Of(long id, string hostname, DateTimeOffset since) => new()
    {
        Id = id,
        Hostname = hostname,
        UnicodeHostname = new IdnMapping().GetUnicode(hostname),
        CreatedAt = since,
        UpdatedAt = since,
    };
}

/// <summary>The fields with which Short.io's programs make and change links. What links here cannot do is refused, never dropped.</summary>
internal sealed record ShortIoLinkFields
{
    private static readonly Dictionary<string, string> NotOffered = new()
    {
        ["ttl"] = "links are kept until they are deleted",
        ["createdAt"] = "a link is dated to when it was made; an import keeps older dates",
        ["cloaking"] = "a link is a redirect",
        ["folderId"] = "there are no folders",
        ["passwordContact"] = "nobody is named on the page that asks for a password",
        ["integrationGA"] = "links load no scripts of others",
        ["integrationFB"] = "links load no scripts of others",
        ["integrationTT"] = "links load no scripts of others",
        ["integrationGTM"] = "links load no scripts of others",
        ["integrationAdroll"] = "links load no scripts of others",
    };

    /// <summary>The system that iphoneURL means.</summary>
    public const string Iphone = "iOS";

    /// <summary>The system that androidURL means.</summary>
    public const string Android = "Android";

    private static readonly (string Field, string Parameter)[] Campaign =
    [
        ("utmSource", "utm_source"), ("utmMedium", "utm_medium"), ("utmCampaign", "utm_campaign"), ("utmTerm", "utm_term"), ("utmContent", "utm_content"),
    ];

    /// <summary>All that some call does something about.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "domain", "originalURL", "allowDuplicates", "path", "title", "tags", "password", "clicksLimit", "expiresAt", "expiredURL", "redirectType", "archived", "skipQS",
        "iphoneURL", "androidURL", "splitURL", "splitPercent", .. Campaign.Select(parameter => parameter.Field),
    ];

    private Dictionary<string, string?> _campaign = [];

    public string? Path { get; private init; }

    public Change<string?>? Title { get; private init; }

    public IReadOnlyList<string>? Tags { get; private init; }

    public Change<string?>? Password { get; private init; }

    public Change<long?>? ClicksLimit { get; private init; }

    public Change<DateTimeOffset?>? ExpiresAt { get; private init; }

    public bool? PassQuery { get; private init; }

    public Change<int?>? RedirectStatus { get; private init; }

    public Change<string?>? ExpiredUrl { get; private init; }

    public bool? IsArchived { get; private init; }

    public TargetsEdit? Targets { get; private init; }

    public bool HasCampaign => _campaign.Count > 0;

    public static ShortIoLinkFields Read(JsonFields fields)
    {
        foreach (var (name, reason) in NotOffered)
        {
            if (fields.Asks(name))
            {
                fields.Refuse(Refusal.NotOffered(name, $"{name} is not available on this server: {reason}"));
            }
        }

        var status = fields.Whole("redirectType", 0);
        if (status is not null && !LinkRedirects.Statuses.Contains((int)Math.Min(status.Value, int.MaxValue)))
        {
            fields.Refuse("redirectType", $"Input should be one of {string.Join(", ", LinkRedirects.Statuses)}");
        }

        var path = fields.Text("path", ShortCode.MaxLength)?.TrimStart('/');
        return new ShortIoLinkFields
        {
            Path = string.IsNullOrEmpty(path) ? null : path,
            Title = fields.Has("title") ? new(fields.Text("title", Link.MaxTitleLength)) : null,
            Tags = fields.Has("tags") ? fields.Tags() ?? [] : null,
            Password = fields.Has("password") ? new(fields.Text("password", LinkRules.MaxPasswordLength, fields.Asks("password") ? LinkRules.MinPasswordLength : 0)) : null,
            ClicksLimit = fields.Has("clicksLimit") ? new(fields.Whole("clicksLimit", 1)) : null,
            ExpiresAt = fields.Has("expiresAt") ? new(fields.Instant("expiresAt")) : null,
            RedirectStatus = status is null ? null : new((int)status),
            ExpiredUrl = fields.Has("expiredURL") ? new(fields.Text("expiredURL", Link.MaxLongUrlLength)) : null,
            IsArchived = fields.Flag("archived"),
            Targets = TargetsIn(fields),
            PassQuery = fields.Flag("skipQS") is { } skip ? !skip : null,
            _campaign = Campaign.Where(parameter => fields.Has(parameter.Field)).ToDictionary(
                parameter => parameter.Parameter, parameter => fields.Text(parameter.Field, UtmParameters.MaxLength)),
        };
    }

    // A telephone's app and the two sides of a split test are rules of a link.
    private static TargetsEdit? TargetsIn(JsonFields fields)
    {
        var systems = new List<(string System, string? Url)>();
        foreach (var (name, system) in new[] { ("iphoneURL", Iphone), ("androidURL", Android) })
        {
            if (fields.Has(name))
            {
                systems.Add((system, fields.Text(name, Link.MaxLongUrlLength) is { Length: > 0 } url ? url : null));
            }
        }

        var variants = fields.Has("splitURL")
            ? fields.Text("splitURL", Link.MaxLongUrlLength) is { Length: > 0 } split ? new[] { (split, (int)(fields.Whole("splitPercent", 1, 100) ?? 50)) } : []
            : null;
        if (variants is null && fields.Asks("splitPercent"))
        {
            fields.Refuse("splitPercent", "splitURL says where to, and is missing");
        }

        return systems.Count == 0 && variants is null ? null : new TargetsEdit { Systems = systems, Variants = variants };
    }

    /// <summary>A destination with the campaign that was named, which is a part of it here.</summary>
    public string WithCampaign(string url) =>
        HasCampaign ? _campaign.Aggregate(UtmParameters.In(url), (utm, parameter) => utm.With(parameter.Key, parameter.Value)).PutInto(url) : url;
}
