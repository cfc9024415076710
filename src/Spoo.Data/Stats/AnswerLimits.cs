using Spoo.Data.Stats.Question;

namespace Spoo.Data.Stats;

/// <summary>How large the answer to one question may be, and what counting it may take from others.</summary>
public sealed record AnswerLimits
{
    /// <summary>For the owner of the links.</summary>
    public static AnswerLimits Owner { get; } = new()
    {
        RowsOfAList = int.MaxValue,
        Buckets = TimeBuckets.MaxCount,
        Rows = 1_000_000,
        StandsBack = false,
    };

    /// <summary>For a link's page, whose questions are our own but for the range and the width of its bars.</summary>
    public static AnswerLimits Page { get; } = Owner with { Buckets = 2_000 };

    /// <summary>For all others: a question that any number of strangers may ask at once.</summary>
    public static AnswerLimits Stranger { get; } = new()
    {
        RowsOfAList = 1_000,
        Buckets = 2_000,
        Rows = 8_000,
        StandsBack = true,
    };

    /// <summary>The largest <c>limit</c> that may be asked for.</summary>
    public required int RowsOfAList { get; init; }

    /// <summary>Bars of one time series.</summary>
    public required int Buckets { get; init; }

    /// <summary>Rows and cells of all lists and ranges together, for each metric, as they stand on the wire.</summary>
    public required int Rows { get; init; }

    /// <summary>Whether counting takes one thread only, behind those that answer visitors.</summary>
    public required bool StandsBack { get; init; }

    /// <summary>How long columns that are being made are waited for, from when that began. Then it is said how far they are.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(3);
}
