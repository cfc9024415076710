using System.Globalization;

namespace Spoo.Data.Stats;

/// <summary>What is said where clicks cannot be counted just now.</summary>
public static class CountingRefusals
{
    public const string AwayCode = "counting_unavailable";

    public const string CopyingCode = "clicks_being_copied";

    public const string PreparingCode = "statistics_being_prepared";

    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AskAgainSoon = TimeSpan.FromSeconds(5);

    /// <summary>ClickHouse does not answer, or not as it should. Where the server is, and what it says, is for those who run this one.</summary>
    /// <param name="number">Which of the servers it is, in the order in which they are named; from 1.</param>
    /// <param name="count">How many servers count.</param>
    public static Refusal Away(int number, int count)
    {
        var who = count == 1
            ? "the ClickHouse server that counts them"
            : string.Create(CultureInfo.InvariantCulture, $"number {number} of the {count} ClickHouse servers that count them");
        return NotNow("statistics cannot be counted", who);
    }

    /// <summary>As <see cref="Away"/>, where clicks are needed one by one, and some of them live in ClickHouse.</summary>
    public static Refusal HomeAway(int number) =>
        NotNow("clicks cannot be read one by one", string.Create(CultureInfo.InvariantCulture, $"ClickHouse server number {number}, where older ones live,"));

    private static Refusal NotNow(string what, string who) => new(RefusalKind.Busy, $"{what} now, because {who} does not answer; short links work, and their clicks are stored")
    {
        Code = AwayCode,
        RetryAfter = AskAgain,
    };

    /// <summary>There is no complete copy of the clicks yet.</summary>
    /// <param name="progress">Clicks that are there, and that there are.</param>
    public static Refusal Copying((long Done, long All) progress)
    {
        var done = Math.Min(progress.Done, progress.All);
        var howFar = progress.All == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {done:N0} of {progress.All:N0} so far");
        return new(RefusalKind.Busy, $"clicks are being copied to ClickHouse{howFar}; ask again when they are there")
        {
            Code = CopyingCode,
            RetryAfter = AskAgain,
            Progress = progress.All == 0 ? null : (done, progress.All),
        };
    }

    /// <summary>An account's columns are being made, which takes longer than anybody should wait without a word.</summary>
    /// <param name="progress">How much of the work is done, and how much there is. Null: it is not known.</param>
    public static Refusal Preparing((long Done, long All)? progress)
    {
        var howFar = progress is var (done, all) ? string.Create(CultureInfo.InvariantCulture, $", {done * 100 / all} % so far") : "";
        return new(RefusalKind.Busy, $"statistics are being prepared from the stored clicks{howFar}; ask again in a few seconds")
        {
            Code = PreparingCode,
            RetryAfter = AskAgainSoon,
            Progress = progress,
        };
    }
}
