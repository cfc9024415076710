using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Spoo.Data.Clicks.Reading.Rules;

/// <summary>
/// The rules of the uap-core project, read and applied as its specification says: one list each for browser, operating system
/// and device; the first rule that matches fills in the parts, by its replacement texts or else by its groups.
/// </summary>
internal sealed partial class UapRules
{
    private readonly UapList _browsers;
    private readonly UapList _systems;
    private readonly UapList _devices;

    private UapRules(IReadOnlyDictionary<string, List<Dictionary<string, string>>> lists)
    {
        _browsers = new(lists["user_agent_parsers"],
            ("family_replacement", "$1"), ("v1_replacement", "$2"), ("v2_replacement", "$3"), ("v3_replacement", "$4"));
        _systems = new(lists["os_parsers"],
            ("os_replacement", "$1"), ("os_v1_replacement", "$2"), ("os_v2_replacement", "$3"), ("os_v3_replacement", "$4"), ("os_v4_replacement", "$5"));
        _devices = new(lists["device_parsers"],
            ("device_replacement", "$1"), ("brand_replacement", null), ("model_replacement", "$1"));
    }

    /// <summary>Family, major, minor and patch of the browser; null where no rule matches.</summary>
    public string?[]? Browser(string userAgent) => _browsers.Read(userAgent);

    /// <summary>Family, major, minor, patch and its minor of the operating system; null where no rule matches.</summary>
    public string?[]? System(string userAgent) => _systems.Read(userAgent);

    /// <summary>Family, brand and model of the device; null where no rule matches.</summary>
    public string?[]? Device(string userAgent) => _devices.Read(userAgent);

    internal IEnumerable<RuleList> Lists => [_browsers.Rules, _systems.Rules, _devices.Rules];

    /// <summary>Reads the rules of several files; those of the earlier ones are asked first.</summary>
    public static UapRules Parse(params IReadOnlyList<TextReader> files)
    {
        var lists = new Dictionary<string, List<Dictionary<string, string>>>();
        foreach (var (name, rules) in files.SelectMany(ReadLists))
        {
            if (!lists.TryAdd(name, rules))
            {
                lists[name].AddRange(rules);
            }
        }

        return new(lists);
    }

    private static Dictionary<string, List<Dictionary<string, string>>> ReadLists(TextReader yaml)
    {
        var parser = new Parser(yaml);
        parser.Consume<StreamStart>();
        parser.Consume<DocumentStart>();
        parser.Consume<MappingStart>();

        var lists = new Dictionary<string, List<Dictionary<string, string>>>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var list = lists[parser.Consume<Scalar>().Value] = [];
            parser.Consume<SequenceStart>();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                var rule = new Dictionary<string, string>(4);
                parser.Consume<MappingStart>();
                while (!parser.TryConsume<MappingEnd>(out _))
                {
                    rule.Add(parser.Consume<Scalar>().Value, parser.Consume<Scalar>().Value);
                }

                list.Add(rule);
            }
        }

        return lists;
    }

    private sealed class UapList
    {
        private readonly string?[][] _templates;

        public UapList(List<Dictionary<string, string>> rules, params (string Key, string? Default)[] parts)
        {
            Rules = new([.. rules.Select(rule => new Rule(rule["regex"], rule.GetValueOrDefault("regex_flag") == "i"))]);
            _templates = [.. rules.Select(rule => parts.Select(part => rule.GetValueOrDefault(part.Key, part.Default!)).ToArray())];
        }

        public RuleList Rules { get; }

        public string?[]? Read(string userAgent) =>
            Rules.First(userAgent, out var match) is var rule and >= 0 ? [.. _templates[rule].Select(template => Fill(template, match))] : null;

        private static string? Fill(string? template, Match match)
        {
            if (template is null)
            {
                return null;
            }

            var filled = template.Contains('$') ? GroupNumber().Replace(template, reference => match.Groups[reference.ValueSpan[1] - '0'].Value) : template;
            filled = filled.Trim();
            return filled.Length == 0 ? null : filled;
        }
    }

    [GeneratedRegex(@"\$[1-9]")]
    private static partial Regex GroupNumber();
}
