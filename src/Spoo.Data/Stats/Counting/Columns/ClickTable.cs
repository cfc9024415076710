namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>Clicks as parallel columns, in whatever order.</summary>
internal sealed record ClickTable
{
    public required int Count { get; init; }

    public required int ProfileCount { get; init; }

    public required TimeColumn Times { get; init; }

    public required NarrowColumn Links { get; init; }

    /// <summary>Rows of the source table.</summary>
    public required NarrowColumn Sources { get; init; }

    /// <summary>Milliseconds plus one; 0 where it is not known how long the redirect took.</summary>
    public required NarrowColumn Redirects { get; init; }

    /// <summary>One column per profile attribute, with one row per profile.</summary>
    public required NarrowColumn[] Profiles { get; init; }

    public long Bytes => Times.Bytes + Links.Bytes + Sources.Bytes + Redirects.Bytes + Profiles.Sum(column => column.Bytes);
}
