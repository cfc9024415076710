using System.Collections.Frozen;
using Spoo.Data.Clicks.Reading.Rules;

namespace Spoo.Data.Clicks.Reading;

/// <summary>
/// The part of a host name that can be registered, by the public-suffix list: of <c>a.b.co.uk</c> it is <c>b.co.uk</c>.
/// </summary>
/// <remarks>
/// The list's private half counts too, as it does for browsers: <c>alice.github.io</c> is Alice's site, not GitHub's.
/// </remarks>
internal static class PublicSuffixes
{
    [Flags]
    private enum Rule
    {
        // "co.uk": this is a suffix.
        Suffix = 1,

        // "*.ck": so is everything directly below this.
        Below = 2,

        // "!www.ck": but this is not.
        Exception = 4,
    }

    private static readonly FrozenDictionary<string, Rule> Rules = Read();

    private static readonly FrozenDictionary<string, Rule>.AlternateLookup<ReadOnlySpan<char>> RuleOf = Rules.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The end of the host that was registered; the whole host when it is itself a suffix. Lower case and ASCII in, lower case and ASCII out.</summary>
    public static ReadOnlySpan<char> RegisteredPart(ReadOnlySpan<char> host)
    {
        // From the longest end to the shortest: the first rule that holds is the one that counts.
        var before = 0;
        var start = 0;
        while (true)
        {
            var dot = host[start..].IndexOf('.');
            if (dot < 0)
            {
                // No rule at all: the last label is the suffix.
                return host[before..];
            }

            var rule = RuleFor(host[start..]);
            if (rule.HasFlag(Rule.Exception))
            {
                return host[start..];
            }

            if (rule.HasFlag(Rule.Suffix) || RuleFor(host[(start + dot + 1)..]).HasFlag(Rule.Below))
            {
                return host[before..];
            }

            before = start;
            start += dot + 1;
        }
    }

    /// <summary>Whether the host ends in a suffix that the list names: what tells a domain from two words with a dot between.</summary>
    public static bool IsListed(ReadOnlySpan<char> host) => RuleFor(host[(host.LastIndexOf('.') + 1)..]) != 0;

    private static Rule RuleFor(ReadOnlySpan<char> end) => RuleOf.TryGetValue(end, out var rule) ? rule : 0;

    private static FrozenDictionary<string, Rule> Read()
    {
        using var list = RuleFile.Open("public_suffix_list.dat");
        var rules = new Dictionary<string, Rule>(StringComparer.Ordinal);
        while (list.ReadLine() is { } line)
        {
            var (suffix, rule) = line switch
            {
                "" or ['/', '/', ..] => ("", default),
                ['*', '.', .. var parent] => (parent, Rule.Below),
                ['!', .. var exception] => (exception, Rule.Exception),
                _ => (line, Rule.Suffix),
            };

            if (rule != 0)
            {
                rules[suffix] = rules.GetValueOrDefault(suffix) | rule;
            }
        }

        return rules.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
