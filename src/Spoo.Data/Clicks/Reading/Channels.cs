using System.Collections.Frozen;
using Spoo.Data.Clicks.Facts;

namespace Spoo.Data.Clicks.Reading;

/// <summary>
/// From what kind of place a click came. Nothing is stored for it: it follows from what is, so a better list judges the past as well.
/// <c>docs/numbers.md</c> tells the rules to people.
/// </summary>
public static class Channels
{
    public const string Direct = "direct";
    public const string Search = "search";
    public const string Social = "social";
    public const string Email = "email";
    public const string Ads = "ads";
    public const string Assistant = "ai";
    public const string Qr = "qr";
    public const string Campaign = "campaign";
    public const string Referral = "referral";

    /// <summary>What <c>utm_medium</c> says, where it says it in a word that is commonly used.</summary>
    private static readonly FrozenDictionary<string, string> Mediums = Named(
        (Email, "email e-mail e_mail mail newsletter"),
        (Ads, "cpc ppc cpm cpv cpa paid paidsearch paid_search paid-search paidsocial paid_social paid-social display banner ads retargeting"),
        (Social, "social social-media social_media socialmedia social-network sm"),
        (Search, "organic seo search"),
        (Qr, "qr qrcode qr-code qr_code"),
        (Referral, "referral"));

    private static readonly FrozenDictionary<string, string> Sources = Named(
        (Email, "email e-mail newsletter mailchimp"),
        (Assistant, "chatgpt chatgpt.com openai perplexity perplexity.ai claude claude.ai gemini copilot"),
        (Search, "google bing duckduckgo ecosia yahoo yandex baidu"));

    /// <summary>Referrers of one name each. Search engines with a domain for every country are <see cref="Engines"/>.</summary>
    private static readonly FrozenDictionary<string, string> Domains = Named(
        (Search, """
            bing.com duckduckgo.com ecosia.org qwant.com startpage.com brave.com kagi.com baidu.com naver.com seznam.cz ask.com aol.com sogou.com so.com
            swisscows.com mojeek.com you.com search.com metager.org metager.de dogpile.com petalsearch.com ya.ru
            android-app://com.google.android.googlequicksearchbox
            """),
        (Assistant, "chatgpt.com openai.com perplexity.ai claude.ai anthropic.com deepseek.com mistral.ai grok.com poe.com meta.ai phind.com character.ai android-app://com.openai.chatgpt"),
        (Email, "android-app://com.google.android.gm android-app://com.microsoft.office.outlook proton.me protonmail.com gmx.net gmx.de fastmail.com tutanota.com"));

    private static readonly string[] Engines = ["google", "yahoo", "yandex"];

    /// <summary>Hosts of an engine, in whatever country, that are not for searching.</summary>
    private static readonly FrozenDictionary<string, string> HostsOfEngines = Named(
        (Email, "mail"),
        (Assistant, "gemini bard"),
        (Referral, "news docs groups sites drive calendar classroom translate"));

    /// <summary>Hosts of a domain that is known for something else.</summary>
    private static readonly FrozenDictionary<string, string> Hosts = Named(
        (Email, "outlook.live.com outlook.office.com outlook.office365.com mail.aol.com"),
        (Assistant, "copilot.microsoft.com"));

    public static IReadOnlyList<string> All { get; } = [Direct, Search, Social, Email, Ads, Assistant, Qr, Campaign, Referral];

    /// <summary>Asks, in this order: the code that was scanned, what the link's maker wrote into its address, and the place it was clicked at.</summary>
    internal static string Of(ClickFacts click) =>
        click.Trigger == ClickSource.Qr ? Qr
        : Known(Mediums, click.UtmMedium) ?? Known(Sources, click.UtmSource)
        ?? OfNetwork(click.UtmSource)
        ?? OfReferrer(click.Referrer, click.ReferrerUrl)
        ?? (click is { UtmSource: null or "", UtmMedium: null or "", UtmCampaign: null or "" } ? null : Campaign)
        ?? (string.IsNullOrEmpty(click.Referrer) ? Direct : Referral);

    private static string? OfReferrer(string? domain, string? url)
    {
        if (string.IsNullOrEmpty(domain))
        {
            return null;
        }

        var isEngine = Array.Exists(Engines, name => domain.StartsWith(name + ".", StringComparison.Ordinal));
        if (Uri.TryCreate(url, UriKind.Absolute, out var page)
            && (Known(Hosts, page.Host) ?? (isEngine && page.Host.Length > domain.Length ? Known(HostsOfEngines, page.Host[..^(domain.Length + 1)]) : null)) is { } byHost)
        {
            return byHost;
        }

        return Known(Domains, domain)
            ?? (SocialNetworks.Of(domain) is not null ? Social : null)
            ?? (isEngine ? Search : null);
    }

    private static string? OfNetwork(string? utmSource) =>
        utmSource is { Length: > 0 } && SocialNetworks.All.Any(network =>
            string.Equals(network.Name, utmSource, StringComparison.OrdinalIgnoreCase) || network.Referrers.Contains(utmSource, StringComparer.OrdinalIgnoreCase))
            ? Social : null;

    private static string? Known(FrozenDictionary<string, string> channels, string? text) =>
        text is null ? null : channels.GetValueOrDefault(text.Trim());

    private static FrozenDictionary<string, string> Named(params (string Channel, string Names)[] channels) => channels
        .SelectMany(entry => entry.Names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(name => KeyValuePair.Create(name, entry.Channel)))
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
}
