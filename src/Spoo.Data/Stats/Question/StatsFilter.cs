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

    /// <summary>Any part of the label or of its English name, in any case.</summary>
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
    /// <summary>The filter's name on the wire: <c>country</c>, <c>browser!</c>, <c>city~</c>.</summary>
    public string Name => Dimension.Name + Operator.Suffix;

    /// <summary>Whether a click with this stored value passes; without values, every click does.</summary>
    public bool Accepts(string? value) => Values.Count == 0 || Matches(value) != Operator.Excludes;

    /// <summary>Whether this stored value is one of those named, whatever the operator makes of it.</summary>
    internal bool Matches(string? value)
    {
        var stored = string.IsNullOrEmpty(value) ? null : value;
        return Operator.MatchesPart
            ? Dimension.LabelOf(stored) is var label && Values.Any(text =>
                label.Contains(text, StringComparison.OrdinalIgnoreCase) || Dimension.NameOf(label).Contains(text, StringComparison.OrdinalIgnoreCase))
            : Values.Any(text => Dimension.ValueOf(text) == stored);
    }

    public bool Equals(StatsFilter? other) =>
        other is not null && Dimension == other.Dimension && Operator == other.Operator && Values.SequenceEqual(other.Values);

    public override int GetHashCode() => HashCode.Combine(Dimension, Operator, Values.Count);
}
