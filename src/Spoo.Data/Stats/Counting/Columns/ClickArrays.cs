namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>Clicks on their way into the columns, as parallel arrays in any order.</summary>
public sealed record ClickArrays
{
    /// <summary>Who clicked: the visitor's hash.</summary>
    public required ReadOnlyMemory<long> Visitors { get; init; }

    /// <summary>When, in Unix milliseconds.</summary>
    public required ReadOnlyMemory<long> Times { get; init; }

    /// <summary>The links' numbers, from 0.</summary>
    public required ReadOnlyMemory<int> Links { get; init; }

    /// <summary>Rows of <see cref="ProfileTable"/>.</summary>
    public required ReadOnlyMemory<int> Profiles { get; init; }

    /// <summary>Rows of <see cref="SourceTable"/>.</summary>
    public required ReadOnlyMemory<int> Sources { get; init; }

    /// <summary>How long the redirect took, in milliseconds; -1 where that is not known.</summary>
    public required ReadOnlyMemory<int> RedirectMs { get; init; }

    /// <summary>The visitors' attributes. Only read while the batch is taken in: it may be made for this batch alone.</summary>
    public required AttributeTable ProfileTable { get; init; }

    /// <summary>The sources' attributes. Handing in <see cref="ClickColumns.Sources"/> itself saves a translation.</summary>
    public required AttributeTable SourceTable { get; init; }

    public int Count => Visitors.Length;

    internal void Validate(int profileWidth, int sourceWidth)
    {
        if (Times.Length != Count || Links.Length != Count || Profiles.Length != Count || Sources.Length != Count || RedirectMs.Length != Count)
        {
            throw new ArgumentException("The arrays of a batch must have the same length.");
        }

        foreach (var source in Sources.Span)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)source, (uint)SourceTable.Count, nameof(Sources));
        }

        if (ProfileTable.Width != profileWidth || SourceTable.Width != sourceWidth)
        {
            throw new ArgumentException(
                $"These columns have {profileWidth} profile and {sourceWidth} source attributes; the batch has {ProfileTable.Width} and {SourceTable.Width}.");
        }
    }
}
