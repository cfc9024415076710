using System.Security.Claims;
using Microsoft.Extensions.Options;
using Spoo.Data.Database;
using Spoo.Web.Identity;

namespace Spoo.Web.Limits;

/// <summary>
/// How often whom may call what. An identity counts only once it has been verified: a made-up key buys nothing.
/// </summary>
internal sealed class RateLimits
{
    public const string Stats = "stats";
    public const string Urls = "urls";
    public const string Shorten = "shorten";
    public const string CheckAlias = "check-alias";
    public const string Metadata = "metadata";
    public const string EmojiSet = "emoji-set";
    public const string Export = "export";
    public const string UrlEdit = "url-edit";
    public const string UrlDelete = "url-delete";
    public const string Bulk = "bulk";
    public const string DomainDelete = "domain-delete";
    public const string DomainRead = "domain-read";
    public const string DomainCreate = "domain-create";
    public const string DomainEdit = "domain-edit";
    public const string DomainVerify = "domain-verify";
    public const string AllowedDomains = "allowed-domains";
    public const string Claim = "claim";
    public const string KeyCreate = "key-create";
    public const string KeyList = "key-list";
    public const string KeyDelete = "key-delete";
    public const string Account = "account";
    public const string Device = "device";
    public const string DeviceRefresh = "device-refresh";
    public const string PublicStats = "public-stats";
    public const string PublicPage = "public-page";
    public const string Preview = "preview";
    public const string Picture = "picture";
    public const string LinkPassword = "link-password";
    public const string Login = "login";
    public const string Register = "register";
    public const string PasswordReset = "password-reset";
    public const string MailedLink = "mailed-link";
    public const string Settings = "settings";
    public const string Report = "report";
    public const string WebhookRead = "webhook-read";
    public const string WebhookCreate = "webhook-create";
    public const string WebhookEdit = "webhook-edit";
    public const string WebhookTest = "webhook-test";
    public const string WebhookRetry = "webhook-retry";

    /// <summary>What holds unless the settings say otherwise: for accounts, and for everybody else.</summary>
    private static readonly Dictionary<string, (string Accounts, string Others)> Defaults = new()
    {
        [Stats] = ("60/minute, 5000/day", "20/minute, 1000/day"),
        [Urls] = ("60/minute, 5000/day", "20/minute, 1000/day"),
        [Shorten] = ("60/minute, 5000/day", "20/minute, 1000/day"),
        [CheckAlias] = ("180/minute, 10000/day", "60/minute, 2000/day"),
        [Metadata] = ("20/minute, 500/day", "20/minute, 500/day"),
        [EmojiSet] = ("60/minute, 2000/day", "60/minute, 2000/day"),
        [Export] = ("30/minute, 1000/day", "10/minute, 200/day"),
        [UrlEdit] = ("120/minute, 2000/day", "20/minute, 1000/day"),
        [UrlDelete] = ("60/minute, 1000/day", "20/minute, 1000/day"),
        [Bulk] = ("60/minute, 200/day", "20/minute, 200/day"),
        [DomainDelete] = ("5/minute, 50/day", "5/minute, 50/day"),
        [DomainRead] = ("60/minute", "20/minute"),
        [DomainCreate] = ("10/hour", "10/hour"),
        [DomainEdit] = ("30/minute", "20/minute"),
        [DomainVerify] = ("10/minute, 600/day", "10/minute"),
        [AllowedDomains] = ("600/minute", "600/minute"),
        [Claim] = ("30/minute, 500/day", "30/minute, 500/day"),
        [KeyCreate] = ("5/hour", "5/hour"),
        [KeyList] = ("60/minute", "20/minute"),
        [KeyDelete] = ("30/minute", "20/minute"),
        [Account] = ("60/minute", "60/minute"),
        [Device] = ("10/minute", "10/minute"),
        [DeviceRefresh] = ("20/minute", "20/minute"),
        [PublicStats] = ("60/minute, 2000/day", "20/minute, 500/day"),
        [PublicPage] = ("120/minute, 5000/day", "60/minute, 2000/day"),
        [Preview] = ("30/minute, 2000/day", "30/minute, 2000/day"),
        [Picture] = ("120/minute, 20000/day", "120/minute, 20000/day"),
        [LinkPassword] = ("10/minute, 30/hour", "10/minute, 30/hour"),
        [Login] = ("5/minute, 50/day", "5/minute, 50/day"),
        [Register] = ("5/minute, 50/day", "5/minute, 50/day"),
        [PasswordReset] = ("3/hour", "3/hour"),
        [MailedLink] = ("10/hour", "10/hour"),
        [Settings] = ("20/minute", "20/minute"),
        [Report] = ("30/minute, 500/day", "5/minute, 40/day"),
        [WebhookRead] = ("60/minute", "20/minute"),
        [WebhookCreate] = ("10/hour", "10/hour"),
        [WebhookEdit] = ("30/minute", "20/minute"),
        [WebhookTest] = ("10/minute", "10/minute"),
        [WebhookRetry] = ("30/minute", "20/minute"),
    };

    /// <summary>All limits by name.</summary>
    public static IEnumerable<string> Names => Defaults.Keys;

    /// <summary>Null: no limit.</summary>
    private readonly Dictionary<(string Name, bool IsAccount), CallLimit?> _limits;
    private readonly bool _enabled;

    /// <exception cref="SettingException">The settings name a limit that there is none of, or one that cannot be understood.</exception>
    public RateLimits(IOptions<RateLimitOptions> options, CallCounts counts)
    {
        _enabled = options.Value.Enabled;
        _limits = WindowsOf(options.Value).ToDictionary(
            limit => limit.Key, limit => limit.Value.Count == 0 ? null : counts.Limit($"{limit.Key.Name} of {(limit.Key.IsAccount ? "accounts" : "others")}", limit.Value));
    }

    /// <summary>Counts a call. Null: this call is not limited.</summary>
    /// <param name="calls">How many it counts as, where its answer costs as much as several.</param>
    public RateStanding? Count(HttpContext context, string limit, int calls = 1)
    {
        if (!_enabled)
        {
            return null;
        }

        var (isAccount, caller) = CallerOf(context);
        return _limits[(limit, isAccount)]?.Count(caller, calls);
    }

    private static Dictionary<(string Name, bool IsAccount), IReadOnlyList<RateWindow>> WindowsOf(RateLimitOptions options)
    {
        if (options.Accounts.Keys.Concat(options.Others.Keys).FirstOrDefault(name => !Defaults.ContainsKey(name)) is { } unknown)
        {
            throw new SettingException($"there is no rate limit '{unknown}'; there are {string.Join(", ", Defaults.Keys)}");
        }

        return Defaults
            .SelectMany(limit => new[]
            {
                KeyValuePair.Create((limit.Key, true), options.Accounts.GetValueOrDefault(limit.Key, limit.Value.Accounts)),
                KeyValuePair.Create((limit.Key, false), options.Others.GetValueOrDefault(limit.Key, limit.Value.Others)),
            })
            .ToDictionary(limit => limit.Key, limit => Parse(limit.Key.Key, limit.Value));
    }

    private static IReadOnlyList<RateWindow> Parse(string name, string text)
    {
        try
        {
            return RateWindow.ParseAll(text);
        }
        catch (FormatException exception)
        {
            throw new SettingException($"rate limit '{name}': {exception.Message}", exception);
        }
    }

    private static (bool IsAccount, string Caller) CallerOf(HttpContext context)
    {
        var viewer = context.User.Viewer();
        var account = viewer.IsKey ? context.User.FindFirstValue(Viewers.KeyClaim) : viewer.UserId;
        return account is null ? (false, ClientNetwork.Of(context.Connection.RemoteIpAddress)) : (true, account);
    }
}
