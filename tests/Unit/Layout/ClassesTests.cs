using System.Text;
using System.Text.RegularExpressions;

namespace Spoo.Tests.Layout;

/// <summary>What pages are made of and what the rules of their look say of it are the same things.</summary>
public sealed partial class ClassesTests
{
    private static readonly string Web = HouseRulesTests.SourceFolder("src", "Spoo.Web");

    /// <summary>A class without a rule is a list that was never drawn, or a word that is in the way.</summary>
    [Fact]
    public void Every_class_of_a_page_has_a_rule_or_is_looked_for_by_a_script_or_a_story()
    {
        var sheets = Rules().SelectMany(rule => Names().Matches(rule.Selector).Select(match => match.Groups[1].Value));
        var library = Names().Matches(File.ReadAllText(Path.Combine(Web, "wwwroot", "lib", "mudblazor", "mudblazor.css"))).Select(match => match.Groups[1].Value);
        var looking = Sources(Path.Combine(Web, "wwwroot"), ".js").Concat(Sources(HouseRulesTests.SourceFolder("tests"), ".cs"))
            .SelectMany(file => Names().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value));
        var known = sheets.Concat(library).Concat(looking).ToHashSet(StringComparer.Ordinal);

        var unknown = Sources(Web, ".razor").SelectMany(file => ClassesOf(File.ReadAllText(file)).Where(name => !known.Contains(name)).Select(name => $"{Path.GetFileName(file)}: {name}"));

        Assert.Empty(unknown);
    }

    /// <summary>Three declarations together are a thought, and a thought has one place. Those of the library's controls are its own.</summary>
    [Fact]
    public void No_two_rules_say_the_same()
    {
        var twice = Rules().Where(rule => rule.Declarations.Length > 2 && rule.File != "mud.css")
            .GroupBy(rule => rule.Condition + "{" + string.Join(';', rule.Declarations), StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .Select(group => string.Join(" and ", group.Select(rule => $"{rule.Selector} ({rule.File})")));

        Assert.Empty(twice);
    }

    [Theory]
    [InlineData("""<p class="notice good">""", "notice good")]
    [InlineData("""<p class="badge @(isOver ? "bad (very)" : null) small">""", "badge small")]
    [InlineData("""<p class="badge @status.ToString("d") small">""", "badge small")]
    [InlineData("""<p class="card@(number)">""", "")]
    [InlineData("""<MudTh Class="number" PopoverClass="wide">""", "number wide")]
    [InlineData("""<Modal Class="@($"modal {Class}")">""", "")]
    public void Classes_are_found_between_what_is_computed(string markup, string classes) =>
        Assert.Equal(classes, string.Join(' ', ClassesOf(markup)));

    /// <summary>The classes that are written out. Those that are put together of parts are left alone.</summary>
    private static IEnumerable<string> ClassesOf(string markup)
    {
        foreach (Match attribute in Attribute().Matches(markup))
        {
            var written = new StringBuilder();
            for (var at = attribute.Index + attribute.Length; at < markup.Length && markup[at] != '"'; at++)
            {
                if (markup[at] != '@')
                {
                    written.Append(markup[at]);
                    continue;
                }

                written.Append('@');
                at = EndOfExpression(markup, at + 1) - 1;
            }

            foreach (var name in written.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(name => !name.Contains('@', StringComparison.Ordinal)))
            {
                yield return name;
            }
        }
    }

    private static int EndOfExpression(string markup, int at)
    {
        while (at < markup.Length && (char.IsLetterOrDigit(markup[at]) || markup[at] is '_' or '.'))
        {
            at++;
        }

        if (at >= markup.Length || markup[at] != '(')
        {
            return at;
        }

        var (depth, isText) = (0, false);
        for (; at < markup.Length; at++)
        {
            isText ^= markup[at] == '"' && markup[at - 1] != '\\';
            depth += isText ? 0 : markup[at] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0)
            {
                return EndOfExpression(markup, at + 1);
            }
        }

        return at;
    }

    private static IEnumerable<Rule> Rules()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Web, "wwwroot", "css"), "*.css"))
        {
            var condition = "";
            foreach (Match part in Part().Matches(Comment().Replace(File.ReadAllText(file), "")))
            {
                if (part.Groups["at"].Success)
                {
                    condition = part.Groups["at"].Value.Trim();
                }
                else if (part.Groups["selector"].Success)
                {
                    var declarations = part.Groups["body"].Value.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                    yield return new Rule(Path.GetFileName(file), condition, part.Groups["selector"].Value.Trim(), [.. declarations.Order(StringComparer.Ordinal)]);
                }
                else
                {
                    condition = "";
                }
            }
        }
    }

    private static IEnumerable<string> Sources(string folder, string ending) => Directory.EnumerateFiles(folder, "*" + ending, SearchOption.AllDirectories)
        .Where(file => !Foreign().IsMatch(file));

    [GeneratedRegex(@"\.(-?[A-Za-z_][\w-]*)")]
    private static partial Regex Names();

    [GeneratedRegex("(?<![\\w-])(?:class|[A-Z]?\\w*Class)=\"")]
    private static partial Regex Attribute();

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"(?<at>@(?:media|layer|keyframes)[^{]*)\{|(?<selector>[^{}]+)\{(?<body>[^{}]*)\}|\}")]
    private static partial Regex Part();

    [GeneratedRegex(@"[/\\](bin|obj|lib)[/\\]")]
    private static partial Regex Foreign();

    private sealed record Rule(string File, string Condition, string Selector, string[] Declarations);
}
