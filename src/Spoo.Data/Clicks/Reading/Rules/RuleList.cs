using System.Numerics;
using System.Text.RegularExpressions;

namespace Spoo.Data.Clicks.Reading.Rules;

internal sealed record Rule(string Pattern, bool IgnoreCase = false);

/// <summary>
/// Hundreds of regular expressions of which the first that matches counts. Answers exactly as trying them one after the other
/// would, but tries only those whose required literals are all in the text: a handful instead of hundreds.
/// </summary>
internal sealed class RuleList
{
    // The rules are written with care: on the worst 1,024 characters we could think of the slowest takes a few milliseconds.
    // This is for the rule of next year that is not, and so long that a busy machine can't make a good rule look like one.
    private static readonly TimeSpan LongestTry = TimeSpan.FromSeconds(10);

    // 64 words of 64 bits: room on the stack for 4,096 literals.
    private const int WordsOnStack = 64;

    private readonly IReadOnlyList<Rule> _rules;
    private readonly Regex?[] _regexes;
    private readonly LiteralScan _literals;

    // Per rule: clauses of literal numbers; the text must contain one of each.
    private readonly int[][][] _clauses;

    // Per literal: the rules that are worth a look once it was seen. Each rule hangs on the literals of its most telling clause.
    private readonly int[][] _rulesOfLiteral;

    // The rules that demand nothing and so are always tried.
    private readonly ulong[] _always;

    private long _givenUp;

    public RuleList(IReadOnlyList<Rule> rules)
    {
        _rules = rules;
        _regexes = new Regex?[rules.Count];
        _always = new ulong[(rules.Count + 63) / 64];

        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var clauses = rules.Select(rule => RequiredLiterals.Of(rule.Pattern)).ToList();
        _clauses = [.. clauses.Select(each => each
            .OrderByDescending(RequiredLiterals.Weight)
            .Select(clause => clause.Select(NumberOf).ToArray())
            .ToArray())];

        var rulesOfLiteral = numbers.Select(_ => new List<int>()).ToList();
        for (var rule = 0; rule < rules.Count; rule++)
        {
            if (_clauses[rule] is [var telling, ..])
            {
                foreach (var literal in telling)
                {
                    rulesOfLiteral[literal].Add(rule);
                }
            }
            else
            {
                _always[rule >> 6] |= 1ul << rule;
            }
        }

        _rulesOfLiteral = [.. rulesOfLiteral.Select(list => list.ToArray())];
        _literals = new LiteralScan([.. numbers.OrderBy(each => each.Value).Select(each => each.Key)]);

        int NumberOf(string literal)
        {
            if (!numbers.TryGetValue(literal, out var number))
            {
                numbers.Add(literal, number = numbers.Count);
            }

            return number;
        }
    }

    public IEnumerable<string> Patterns => _rules.Select(rule => rule.Pattern);

    /// <summary>How often a rule was taken not to match because it would not come to an end.</summary>
    public long GivenUp => Interlocked.Read(ref _givenUp);

    /// <summary>The number of the first rule that matches and its match, or -1.</summary>
    public int First(string text, out Match match)
    {
        Span<ulong> seen = stackalloc ulong[WordsOnStack];
        Span<ulong> candidates = stackalloc ulong[WordsOnStack];
        FindCandidates(text, ref seen, ref candidates);

        for (var word = 0; word < candidates.Length; word++)
        {
            for (var bits = candidates[word]; bits != 0; bits &= bits - 1)
            {
                var rule = (word << 6) + BitOperations.TrailingZeroCount(bits);
                if (HasAll(_clauses[rule], seen) && Try(rule, text) is { Success: true } found)
                {
                    match = found;
                    return rule;
                }
            }
        }

        match = Match.Empty;
        return -1;
    }

    public bool Matches(string text) => First(text, out _) >= 0;

    /// <summary>As <see cref="First"/>, by trying every rule in turn: what the tests compare it with.</summary>
    internal int FirstByTryingAll(string text)
    {
        for (var rule = 0; rule < _rules.Count; rule++)
        {
            if (Expression(rule).IsMatch(text))
            {
                return rule;
            }
        }

        return -1;
    }

    private void FindCandidates(string text, ref Span<ulong> seen, ref Span<ulong> candidates)
    {
        var literalWords = (_literals.LiteralCount + 63) / 64;
        seen = literalWords <= seen.Length ? seen[..literalWords] : new ulong[literalWords];
        candidates = _always.Length <= candidates.Length ? candidates[.._always.Length] : new ulong[_always.Length];
        seen.Clear();
        _always.CopyTo(candidates);

        _literals.Mark(text, seen);
        for (var word = 0; word < seen.Length; word++)
        {
            for (var bits = seen[word]; bits != 0; bits &= bits - 1)
            {
                foreach (var rule in _rulesOfLiteral[(word << 6) + BitOperations.TrailingZeroCount(bits)])
                {
                    candidates[rule >> 6] |= 1ul << rule;
                }
            }
        }
    }

    private static bool HasAll(int[][] clauses, ReadOnlySpan<ulong> seen)
    {
        foreach (var clause in clauses)
        {
            var hasOne = false;
            foreach (var literal in clause)
            {
                hasOne |= (seen[literal >> 6] & 1ul << literal) != 0;
            }

            if (!hasOne)
            {
                return false;
            }
        }

        return true;
    }

    private Match Try(int rule, string text)
    {
        try
        {
            return Expression(rule).Match(text);
        }
        catch (RegexMatchTimeoutException)
        {
            Interlocked.Increment(ref _givenUp);
            return Match.Empty;
        }
    }

    // Made when first needed: most of the rules are for devices that went out of use years ago. Two threads may make
    // the same one at once; either will do.
    private Regex Expression(int rule) => _regexes[rule] ??= new Regex(
        _rules[rule].Pattern,
        RegexOptions.CultureInvariant | (_rules[rule].IgnoreCase ? RegexOptions.IgnoreCase : RegexOptions.None),
        LongestTry);
}
