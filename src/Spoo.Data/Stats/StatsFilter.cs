namespace Spoo.Data.Stats;

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

    /// <summary>Any part of the label, in any case.</summary>
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

    /// <summary>Whether a click with this stored value passes.</summary>
    public bool Accepts(string? value)
    {
        if (Values.Count == 0)
        {
            return true;
        }

        var stored = string.IsNullOrEmpty(value) ? null : value;
        var found = Operator.MatchesPart
            ? Values.Any(text => Dimension.LabelOf(stored).Contains(text, StringComparison.OrdinalIgnoreCase))
            : Values.Any(text => Dimension.ValueOf(text) == stored);
        return found != Operator.Excludes;
    }

    public bool Equals(StatsFilter? other) =>
        other is not null && Dimension == other.Dimension && Operator == other.Operator && Values.SequenceEqual(other.Values);

    public override int GetHashCode() => HashCode.Combine(Dimension, Operator, Values.Count);
}
