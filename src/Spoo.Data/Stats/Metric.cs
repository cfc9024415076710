namespace Spoo.Data.Stats;

/// <summary>What is counted. A closed list.</summary>
public sealed record Metric
{
    private Metric(string name) => Name = name;

    /// <summary>Answered visits.</summary>
    public static Metric Clicks { get; } = new("clicks");

    /// <summary>Distinct visitors, exactly; within the whole selection, and within each group of it.</summary>
    public static Metric UniqueClicks { get; } = new("unique_clicks");

    public static IReadOnlyList<Metric> All { get; } = [Clicks, UniqueClicks];

    /// <summary>The metric's name on the wire.</summary>
    public string Name { get; }

    public static Metric? Find(string name) => All.FirstOrDefault(metric => metric.Name == name);

    /// <summary>This metric of a group.</summary>
    public long Of(Count count) => this == Clicks ? count.Clicks : count.UniqueClicks;

    public override string ToString() => Name;
}

/// <summary>Both metrics of one group.</summary>
public readonly record struct Count(long Clicks, long UniqueClicks)
{
    public static Count operator +(Count one, Count other) => new(one.Clicks + other.Clicks, one.UniqueClicks + other.UniqueClicks);

    public static Count operator -(Count one, Count other) => new(one.Clicks - other.Clicks, one.UniqueClicks - other.UniqueClicks);
}
