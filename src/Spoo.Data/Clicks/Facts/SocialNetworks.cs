using Spoo.Data.Clicks.Reading;



namespace Spoo.Data.Clicks.Facts;

/// <param name="Name">What programs call it: <c>twitter</c>.</param>
/// <param name="Title">What people call it.</param>
/// <param name="Referrers">Its domains and apps, as they are stored with a click.</param>
public sealed record SocialNetwork(string Name, string Title, IReadOnlyList<string> Referrers);

/// <summary>Which referrers belong to one network: its site, its short links and its apps.</summary>
public static class SocialNetworks
{
    private static readonly Dictionary<string, SocialNetwork> ByReferrer;

    static SocialNetworks()
    {
        All =
        [
            new("bluesky", "Bluesky", ["bsky.app"]),
            new("discord", "Discord", ["discord.com", "discord.gg", "discordapp.com", "android-app://com.discord"]),
            new("facebook", "Facebook", ["facebook.com", "fb.com", "fb.me", "android-app://com.facebook.katana", "android-app://com.facebook.lite"]),
            new("hackernews", "Hacker News", ["ycombinator.com"]),
            new("instagram", "Instagram", ["instagram.com", "ig.me", "android-app://com.instagram.android"]),
            new("line", "LINE", ["line.me", "android-app://jp.naver.line.android"]),
            new("linkedin", "LinkedIn", ["linkedin.com", "lnkd.in", "android-app://com.linkedin.android"]),
            new("mastodon", "Mastodon", ["mastodon.social", "mastodon.online"]),
            new("medium", "Medium", ["medium.com", "android-app://com.medium.reader"]),
            new("messenger", "Messenger", ["messenger.com", "m.me", "android-app://com.facebook.orca"]),
            new("odnoklassniki", "Odnoklassniki", ["ok.ru", "android-app://ru.ok.android"]),
            new("pinterest", "Pinterest", ["pinterest.com", "pinterest.co.uk", "pinterest.de", "pinterest.fr", "pin.it", "android-app://com.pinterest"]),
            new("quora", "Quora", ["quora.com", "android-app://com.quora.android"]),
            new("reddit", "Reddit", ["reddit.com", "redd.it", "android-app://com.reddit.frontpage"]),
            new("snapchat", "Snapchat", ["snapchat.com", "android-app://com.snapchat.android"]),
            new("telegram", "Telegram", ["telegram.org", "telegram.me", "t.me", "android-app://org.telegram.messenger"]),
            new("threads", "Threads", ["threads.net", "threads.com", "android-app://com.instagram.barcelona"]),
            new("tiktok", "TikTok", ["tiktok.com", "android-app://com.zhiliaoapp.musically"]),
            new("tumblr", "Tumblr", ["tumblr.com", "umblr.com", "android-app://com.tumblr"]),
            new("twitter", "Twitter", ["twitter.com", "x.com", "t.co", "android-app://com.twitter.android"]),
            new("vk", "VK", ["vk.com", "vk.ru", "vk.cc", "android-app://com.vkontakte.android"]),
            new("weibo", "Weibo", ["weibo.com", "weibo.cn", "t.cn", "android-app://com.sina.weibo"]),
            new("whatsapp", "WhatsApp", ["whatsapp.com", "wa.me", "android-app://com.whatsapp"]),
            new("xing", "Xing", ["xing.com", "android-app://com.xing.android"]),
            new("youtube", "YouTube", ["youtube.com", "youtu.be", "android-app://com.google.android.youtube"]),
        ];
        ByReferrer = All
            .SelectMany(network => network.Referrers.Select(referrer => KeyValuePair.Create(referrer, network)))
            .ToDictionary(StringComparer.Ordinal);
    }

    public static IReadOnlyList<SocialNetwork> All { get; }

    /// <summary>The network that a stored referrer belongs to. Null: it is none.</summary>
    public static SocialNetwork? Of(string? referrer) => referrer is null ? null : ByReferrer.GetValueOrDefault(referrer);

    /// <summary>The network of this name, of this title, or with this address. Null: there is none.</summary>
    public static SocialNetwork? Find(string text) =>
        All.FirstOrDefault(network =>
            string.Equals(network.Name, text, StringComparison.OrdinalIgnoreCase)
            || string.Equals(network.Title, text, StringComparison.OrdinalIgnoreCase))
        ?? Of(Referrers.Normalise(text));
}
