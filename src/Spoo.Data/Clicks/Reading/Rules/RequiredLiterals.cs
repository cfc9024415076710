using System.Globalization;

namespace Spoo.Data.Clicks.Reading.Rules;

/// <summary>
/// What a text must contain before a regular expression can possibly match it. <c>(iPad|iPod);.*OS (\d+)</c> can only match a
/// text that contains "ipad;" or "ipod;", and "os ".
/// </summary>
/// <remarks>
/// Letter case is ignored throughout, which only ever makes the condition weaker. Whatever is not understood demands nothing,
/// so a new rule may be slow but is never missed.
/// </remarks>
internal sealed class RequiredLiterals
{
    // How many ways a run of text may be spelt out before it is cut in two: "S[eE][mM]rush" is four, a list of models hundreds.
    private const int MostSpellings = 64;

    // A class such as [a-z] says too little; [Ss], [-_ ] say something.
    private const int WidestClass = 4;

    // "; {0,2}", with which most rules for devices begin, is worth spelling out: it ties the next word to where a model stands.
    private const int MostRepeats = 4;

    private const int ShortestLiteral = 2;

    // A literal that nearly every visitor's browser sends tells nothing. These few stand for nearly every visitor.
    private static readonly string[] Everyday =
    [
        "mozilla/5.0 (windows nt 10.0; win64; x64) applewebkit/537.36 (khtml, like gecko) chrome/130.0.0.0 safari/537.36",
        "mozilla/5.0 (iphone; cpu iphone os 17_5 like mac os x) applewebkit/605.1.15 (khtml, like gecko) version/17.5 mobile/15e148 safari/604.1",
        "mozilla/5.0 (linux; android 13; sm-a536b build/tp1a) applewebkit/537.36 (khtml, like gecko) chrome/130.0.0.0 mobile safari/537.36",
    ];

    private readonly string _pattern;
    private int _at;

    private RequiredLiterals(string pattern) => _pattern = pattern;

    /// <summary>Clauses, all of which hold for every text that matches: the text contains at least one literal of each. Lower case.</summary>
    public static IReadOnlyList<string[]> Of(string pattern)
    {
        try
        {
            var reader = new RequiredLiterals(pattern);
            var whole = reader.ReadAlternatives();
            return reader._at == pattern.Length ? whole.AllClauses() : [];
        }
        catch (NotSupportedException)
        {
            return [];
        }
    }

    /// <summary>How much is known of a text when one of these literals was seen in it; the higher the more.</summary>
    public static int Weight(string[] clause) =>
        clause.Min(literal => literal.Length) + (clause.Any(literal => Everyday.Any(everyday => everyday.Contains(literal, StringComparison.Ordinal))) ? 0 : 1000);

    private Piece ReadAlternatives()
    {
        List<Piece> alternatives = [ReadSequence()];
        while (Take('|'))
        {
            alternatives.Add(ReadSequence());
        }

        return alternatives.Count == 1 ? alternatives[0] : Piece.OneOf(alternatives);
    }

    private Piece ReadSequence()
    {
        var sequence = new Sequence();
        while (_at < _pattern.Length && _pattern[_at] is not ('|' or ')'))
        {
            sequence.Add(ReadRepeats(ReadAtom()));
        }

        return sequence.End();
    }

    private Piece ReadAtom()
    {
        var c = _pattern[_at++];
        return c switch
        {
            '(' => ReadGroup(),
            '[' => ReadClass(),
            '\\' => ReadEscape(),
            '.' => Piece.Anything,
            '^' or '$' => Piece.Nothing,
            '*' or '+' or '?' => throw new NotSupportedException("A repeat of nothing."),
            _ => Piece.Character(c),
        };
    }

    private Piece ReadGroup()
    {
        var looksAround = false;
        if (Take('?'))
        {
            if (TakeAny("=!"))
            {
                looksAround = true;
            }
            else if (Take('<'))
            {
                looksAround = TakeAny("=!");
                while (!looksAround && Next() != '>')
                {
                    // The group's name.
                }
            }
            else if (!Take(':'))
            {
                throw new NotSupportedException("An option or a kind of group that no rule used when this was written.");
            }
        }

        var inside = ReadAlternatives();
        if (!Take(')'))
        {
            throw new NotSupportedException("An open group.");
        }

        return looksAround ? Piece.Nothing : inside;
    }

    private Piece ReadClass()
    {
        var narrow = !Take('^');
        var members = new HashSet<char>();
        for (var first = true; first || !Take(']'); first = false)
        {
            var c = ReadClassMember(ref narrow);
            if (_at + 1 < _pattern.Length && _pattern[_at] == '-' && _pattern[_at + 1] != ']')
            {
                _at++;
                var last = ReadClassMember(ref narrow);
                narrow &= last - c < 2 * WidestClass;
                for (var member = c; narrow && member <= last; member++)
                {
                    members.Add(Fold(member));
                }
            }
            else
            {
                members.Add(Fold(c));
            }
        }

        return narrow && members.Count <= WidestClass && members.All(char.IsAscii)
            ? Piece.Spelt(members.Select(member => member.ToString()))
            : Piece.Anything;
    }

    private char ReadClassMember(ref bool narrow)
    {
        var c = Next();
        if (c == '[' && _at < _pattern.Length && _pattern[_at] == ':')
        {
            throw new NotSupportedException("A named class.");
        }

        if (c != '\\')
        {
            return c;
        }

        c = Next();
        if (c is 'b')
        {
            return '\b';
        }

        narrow &= !char.IsAsciiLetterOrDigit(c);
        return c;
    }

    private Piece ReadEscape()
    {
        var c = Next();
        return c switch
        {
            'b' or 'B' or 'A' or 'z' or 'Z' => Piece.Nothing,
            'd' or 'D' or 'w' or 'W' or 's' or 'S' => Piece.Anything,
            >= '0' and <= '9' => Piece.Anything,
            't' => Piece.Character('\t'),
            _ when char.IsAsciiLetterOrDigit(c) => throw new NotSupportedException("An escape that no rule used when this was written."),
            _ => Piece.Character(c),
        };
    }

    private Piece ReadRepeats(Piece piece)
    {
        while (_at < _pattern.Length)
        {
            var (least, most) = (1, 1);
            if (Take('?'))
            {
                (least, most) = (0, 1);
            }
            else if (Take('*'))
            {
                (least, most) = (0, int.MaxValue);
            }
            else if (Take('+'))
            {
                (least, most) = (1, int.MaxValue);
            }
            else if (!TakeCount(out least, out most))
            {
                return piece;
            }

            // A second '?' makes the repeat lazy, which changes what is captured but not what is there.
            Take('?');
            piece = (least, most) switch
            {
                (1, 1) => piece,
                _ when piece.Spellings is { } spellings && most <= MostRepeats && (most == 1 || spellings.Count == 1) => Piece.Repeated(spellings, least, most),
                (0, _) => Piece.Anything,
                _ => new Piece(null, piece.AllClauses()),
            };
        }

        return piece;
    }

    private bool TakeCount(out int least, out int most)
    {
        (least, most) = (1, 1);
        var end = _at < _pattern.Length && _pattern[_at] == '{' ? _pattern.IndexOf('}', _at) : -1;
        if (end < 0)
        {
            return false;
        }

        var bounds = _pattern[(_at + 1)..end].Split(',');
        most = int.MaxValue;
        var isCount = bounds.Length <= 2 && IsNumber(bounds[0], out least) && (bounds[^1].Length == 0 || IsNumber(bounds[^1], out most));

        // Braces that hold no count stand for themselves.
        _at = isCount ? end + 1 : _at;
        return isCount;
    }

    private static bool IsNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private char Next() => _at < _pattern.Length ? _pattern[_at++] : throw new NotSupportedException("The pattern ends too early.");

    private bool Take(char c)
    {
        var there = _at < _pattern.Length && _pattern[_at] == c;
        _at += there ? 1 : 0;
        return there;
    }

    private bool TakeAny(string any) => any.Any(Take);

    private static char Fold(char c) => char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c;

    /// <summary>
    /// What one part of the pattern says: either every way it can be spelt, or the clauses that hold wherever it matched.
    /// </summary>
    private sealed record Piece(IReadOnlyList<string>? Spellings, IReadOnlyList<string[]> Clauses)
    {
        public static Piece Anything { get; } = new(null, []);

        public static Piece Nothing { get; } = new([""], []);

        public static Piece Character(char c) => char.IsAscii(c) ? new([Fold(c).ToString()], []) : Anything;

        public static Piece Spelt(IEnumerable<string> spellings) => new([.. spellings.Distinct()], []);

        public static Piece OneOf(IReadOnlyList<Piece> alternatives)
        {
            if (alternatives.All(alternative => alternative.Spellings is not null))
            {
                return Spelt(alternatives.SelectMany(alternative => alternative.Spellings!));
            }

            var best = alternatives.Select(alternative => MostTelling(alternative.AllClauses())).ToList();
            return best.Contains(null) ? Anything : new(null, [[.. best.SelectMany(clause => clause!).Distinct()]]);
        }

        public static Piece Repeated(IReadOnlyList<string> spellings, int least, int most)
        {
            IEnumerable<string> repeated = [""];
            var all = new List<string>(least == 0 ? repeated : []);
            for (var times = 1; times <= most; times++)
            {
                repeated = [.. repeated.SelectMany(_ => spellings, (before, after) => before + after)];
                all.AddRange(times >= least ? repeated : []);
            }

            return Spelt(all);
        }

        public IReadOnlyList<string[]> AllClauses() =>
            Spellings is null ? Clauses
            : Spellings.Count > 0 && Spellings.All(spelling => spelling.Length >= ShortestLiteral) ? [[.. Spellings]]
            : [];

        private static string[]? MostTelling(IReadOnlyList<string[]> clauses) =>
            clauses.MaxBy(Weight);
    }

    /// <summary>Joins neighbours into longer spellings for as long as they can be spelt out.</summary>
    private sealed class Sequence
    {
        private readonly List<string[]> _clauses = [];
        private IReadOnlyList<string> _run = [""];
        private bool _cut;

        public void Add(Piece piece)
        {
            if (piece.Spellings is null)
            {
                Cut([""]);
                _clauses.AddRange(piece.Clauses);
            }
            else if (_run.Count * piece.Spellings.Count > MostSpellings)
            {
                Cut(piece.Spellings);
            }
            else
            {
                _run = [.. _run.SelectMany(_ => piece.Spellings, (before, after) => before + after).Distinct()];
            }
        }

        public Piece End()
        {
            if (!_cut)
            {
                return new(_run, []);
            }

            Cut([""]);
            return new(null, _clauses);
        }

        private void Cut(IReadOnlyList<string> next)
        {
            _clauses.AddRange(new Piece(_run, []).AllClauses());
            _run = next;
            _cut = true;
        }
    }
}
