using System.Reflection;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.KeyPerFile;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Alerts;
using Spoo.Data.Clicks.Journal;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Domains;
using Spoo.Data.Stats;
using Spoo.Data.Webhooks;
using Spoo.Web.Addresses;
using Spoo.Web.Commands;
using Spoo.Web.Components.Public;
using Spoo.Web.Identity;
using Spoo.Web.Identity.Providers;
using Spoo.Web.Limits;
using Spoo.Web.Mail;
using Spoo.Web.Metrics;

namespace Spoo.Web;

/// <summary>The names of all settings: one that is misspelt would otherwise be a setting without effect.</summary>
internal static class KnownSettings
{
    /// <summary>In a path, any name: of a provider, an app, a limit, an entry of a list.</summary>
    private const string AnyName = "*";

    /// <summary>Those of the framework, which may stand in a file or on the command line; what is below them is its own.</summary>
    private static readonly HashSet<string> OfTheFramework = new(StringComparer.OrdinalIgnoreCase)
    {
        "$schema", "AllowedHosts", "Logging", "Kestrel", "urls", "http_ports", "https_ports", "environment", "applicationName", "contentRoot", "webroot", "detailedErrors",
        "captureStartupErrors", "shutdownTimeoutSeconds", "preferHostingUrls", "suppressStatusMessages", "hostingStartupAssemblies", "hostingStartupExcludeAssemblies",
        "preventHostingStartup", "hostBuilder", "ReloadStaticAssetsAtRuntime", "staticWebAssets",
    };

    /// <summary>Every section, and the type that its settings are read into.</summary>
    public static IReadOnlyList<(string Section, Type Options)> Sections { get; } =
    [
        (DataOptions.Section, typeof(DataOptions)),
        (StatsOptions.Section, typeof(StatsOptions)),
        (ClickHouseOptions.Section, typeof(ClickHouseOptions)),
        (ShorteningOptions.Section, typeof(ShorteningOptions)),
        (DomainOptions.Section, typeof(DomainOptions)),
        (ClickOptions.Section, typeof(ClickOptions)),
        (ReadingOptions.Section, typeof(ReadingOptions)),
        (PlaceOptions.Section, typeof(PlaceOptions)),
        (AccountOptions.Section, typeof(AccountOptions)),
        ($"{ProviderOptions.Section}:{AnyName}", typeof(ProviderOptions)),
        ($"{AppOptions.Section}:{AnyName}", typeof(AppOptions.App)),
        (QuotaOptions.Section, typeof(QuotaOptions)),
        (AlertOptions.Section, typeof(AlertOptions)),
        (WebhookOptions.Section, typeof(WebhookOptions)),
        (MailOptions.Section, typeof(MailOptions)),
        (RateLimitOptions.Section, typeof(RateLimitOptions)),
        (ProxyOptions.Section, typeof(ProxyOptions)),
        (ServerOptions.Section, typeof(ServerOptions)),
        (PublicOptions.Section, typeof(PublicOptions)),
        (MetricsOptions.Section, typeof(MetricsOptions)),
    ];

    /// <summary>
    /// Refuses what is no setting. Of the environment and of files of secrets only what stands in a section of ours: the rest is other programs'.
    /// </summary>
    /// <exception cref="SettingException">There is something; each is named, and what was probably meant.</exception>
    public static void RefuseOthers(IConfigurationRoot configuration)
    {
        var known = Tree();
        var faults = configuration.AsEnumerable()
            .Where(said => said.Value is not null)
            .OrderBy(said => said.Key, StringComparer.Ordinal)
            .Select(said => FaultOf(known, said.Key, said.Value!, configuration.Providers.Last(provider => provider.TryGet(said.Key, out _))))
            .OfType<string>()
            .ToList();
        if (faults.Count > 0)
        {
            throw new SettingException($"{string.Join("; ", faults)}; docs/operations.md lists the settings");
        }
    }

    private static string? FaultOf(Node known, string path, string value, IConfigurationProvider source)
    {
        var parts = path.Split(':');
        var isOurs = known.Find(parts[0]) is not null;
        var isShared = source is EnvironmentVariablesConfigurationProvider or KeyPerFileConfigurationProvider;
        if (parts.Length == 1 && source is not JsonConfigurationProvider)
        {
            // Options of the command line have been looked at, and the environment has names such as MAIL of its own.
            return null;
        }

        if (!isOurs && (isShared || OfTheFramework.Contains(parts[0])))
        {
            return null;
        }

        var node = known;
        for (var i = 0; i < parts.Length; i++)
        {
            if (node.Find(parts[i]) is not { } next)
            {
                return $"unknown setting '{string.Join(':', parts)}' {Where(source)}{Instead(known, node, parts, i)}";
            }

            // Whoever said it first may have written it in another case.
            parts[i] = node.NameOf(parts[i]);
            node = next;
        }

        path = string.Join(':', parts);

        // An empty list or section of a file is one of no text.
        return value.Length == 0 || node.IsValue ? null
            : node.Find(AnyName) is { IsValue: true } && node.IsList ? $"{path} {Where(source)} is a list, of which each entry is a setting of its own: {path}:0, {path}:1"
            : $"{path} {Where(source)} is a section and has no value of its own; it has {string.Join(", ", node.Within.Keys)}";
    }

    /// <summary>What was probably meant, or what there is.</summary>
    /// <param name="within">Where the name at <paramref name="at"/> is not known.</param>
    private static string Instead(Node known, Node within, string[] parts, int at)
    {
        if (at > 0 && WrongWords.Nearest(parts[at], within.Within.Keys) is { } near)
        {
            return WrongWords.Perhaps(string.Join(':', [.. parts[..at], near, .. parts[(at + 1)..]]));
        }

        // The right name in a wrong section, or a section that is misspelt.
        var all = known.Paths().ToList();
        var elsewhere = all.FindAll(path => path.EndsWith($":{parts[^1]}", StringComparison.OrdinalIgnoreCase)) is [var only] ? only : WrongWords.Nearest(string.Join(':', parts), all);
        return elsewhere is not null ? WrongWords.Perhaps(elsewhere)
            : at > 0 && within.Within.Count > 0 ? $": {string.Join(':', parts[..at])} has {string.Join(", ", within.Within.Keys)}"
            : "";
    }

    private static string Where(IConfigurationProvider source) => source switch
    {
        EnvironmentVariablesConfigurationProvider => "in the environment",
        JsonConfigurationProvider file => $"in {file.Source.Path}",
        KeyPerFileConfigurationProvider => $"in the folder that {Startup.SecretsFolder} names",
        _ => "on the command line",
    };

    private static Node Tree()
    {
        var root = new Node();
        root.At(Startup.SecretsFolder).IsValue = true;
        foreach (var (section, options) in Sections)
        {
            foreach (var property in options.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(property => property.SetMethod is { IsPublic: true }))
            {
                var node = root.At($"{section}:{property.Name}");
                var type = property.PropertyType;
                if (typeof(IDictionary<string, string>).IsAssignableFrom(type))
                {
                    node.At(AnyName).IsValue = true;
                }
                else if (type != typeof(string) && typeof(IEnumerable<string>).IsAssignableFrom(type))
                {
                    node.IsList = true;
                    node.At(AnyName).IsValue = true;
                }
                else
                {
                    node.IsValue = true;
                }
            }
        }

        return root;
    }

    private sealed class Node
    {
        private readonly Dictionary<string, Node> _within = new(StringComparer.OrdinalIgnoreCase);
        private Node? _any;

        public bool IsValue { get; set; }

        public bool IsList { get; set; }

        public IReadOnlyDictionary<string, Node> Within => _within;

        public Node? Find(string name) => _within.GetValueOrDefault(name) ?? _any;

        /// <summary>The name as it is written here.</summary>
        public string NameOf(string name) => _within.Keys.FirstOrDefault(known => string.Equals(known, name, StringComparison.OrdinalIgnoreCase)) ?? name;

        public Node At(string path)
        {
            var node = this;
            foreach (var name in path.Split(':'))
            {
                node = name == AnyName ? node._any ??= new() : node._within.TryGetValue(name, out var there) ? there : node._within[name] = new();
            }

            return node;
        }

        /// <summary>Those of all settings below it that are not called as somebody likes.</summary>
        public IEnumerable<string> Paths() =>
            _within.SelectMany(child => child.Value.Paths().Select(path => $"{child.Key}:{path}").Concat(child.Value.IsValue || child.Value.IsList ? [child.Key] : []));
    }
}
