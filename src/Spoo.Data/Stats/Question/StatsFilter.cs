using System.Buffers;
using Spoo.Data.Clicks.Reading;

namespace Spoo.Data.Stats.Question;

/// <summary>How a filter compares. The suffix stands behind the dimension's name, where no value can be mistaken for it.</summary>
public sealed record FilterOperator
{
    private FilterOperator(string suffix, string text, bool excludes, bool matchesPart)
    {
        Suffix = suffix;
        Text = text;
        Excludes = excludes;
        MatchesPart = matchesPart;
    }

    public static FilterOperator Is { get; } = new("", "is", excludes: false, matchesPart: false);

    public static FilterOperator IsNot { get; } = new("!", "is not", excludes: true, matchesPart: false);

    /// <summary>Any part of the label or of what people read instead (<see cref="IValueNames"/>), in any case.</summary>
    public static FilterOperator Contains { get; } = new("~", "contains", excludes: false, matchesPart: true);

    public static FilterOperator DoesNotContain { get; } = new("!~", "does not contain", excludes: true, matchesPart: true);

    /// <summary>Longest suffix first, so that the first that fits is the right one.</summary>
    public static IReadOnlyList<FilterOperator> All { get; } = [DoesNotContain, IsNot, Contains, Is];

    /// <summary>What follows the dimension's name: <c>browser!=Chrome</c> is the name <c>browser!</c> and the value <c>Chrome</c>.</summary>
    public string Suffix { get; }

    /// <summary>For people: "is not".</summary>
    public string Text { get; }

    public bool Excludes { get; }

    public bool MatchesPart { get; }
}

/// <summary>One condition. Several values mean any of them; several filters must all hold.</summary>
public sealed record StatsFilter(Dimension Dimension, FilterOperator Operator, IReadOnlyList<string> Values)
{
    /// <summary>What a part may be of, beside the label and its English name.</summary>
    internal IValueNames? Names { get; init; }

    /// <summary>The filter's name on the wire: <c>country</c>, <c>browser!</c>, <c>city~</c>.</summary>
    public string Name => Dimension.Name + Operator.Suffix;

    /// <summary>Whether a click with this stored value passes; without values, every click does.</summary>
    public bool Accepts(string? value) => Acceptor()(value);

    /// <summary>The same for many values.</summary>
    internal Func<string?, bool> Acceptor()
    {
        if (Values.Count == 0)
        {
            return _ => true;
        }

        var matches = Matcher();
        return value => matches(value) != Operator.Excludes;
    }

    /// <summary>
    /// Says of a stored value whether it is one of those named, whatever the operator makes of it. All parts are looked for at once, because
    /// a filter may name a thousand of them, to be looked for in a hundred thousand values.
    /// </summary>
    internal Func<string?, bool> Matcher()
    {
        if (!Operator.MatchesPart)
        {
            var values = Values.Select(Dimension.ValueOf).ToHashSet(StringComparer.Ordinal);
            return value => values.Contains(string.IsNullOrEmpty(value) ? null : value);
        }

        // In the spelling in which values are stored; what no reader sees is in none of them.
        var parts = SearchValues.Create([.. Values.Select(value => OutsideText.Name(value, int.MaxValue) ?? value)], StringComparison.OrdinalIgnoreCase);
        return value =>
        {
            var label = Dimension.LabelOf(value);
            return Has(label) || (Dimension.NameOf(label) is var name && name != label && Has(name)) || Names?.Of(Dimension, label).Any(Has) == true;
        };

        bool Has(string text) => text.AsSpan().ContainsAny(parts);
    }

    public bool Equals(StatsFilter? other) =>
        other is not null && Dimension == other.Dimension && Operator == other.Operator && Values.SequenceEqual(other.Values);

    public override int GetHashCode() => HashCode.Combine(Dimension, Operator, Values.Count);
}
