using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;

namespace Spoo.Data.Stats;

/// <summary>A way of counting the stored clicks: in columns in this process's memory, or in ClickHouse. Whichever it is, the answers are the same.</summary>
public interface IClickCounting
{
    /// <summary>Answers a question about several selections from the clicks of one owner, all as of the same moment.</summary>
    /// <exception cref="System.Data.Common.DbException">The database, or what is counted in, does not answer.</exception>
    /// <exception cref="OperationCanceledException">The question is no longer of interest.</exception>
    Task<IReadOnlyList<StatsOutcome>> CountAsync(
        StatsQuery query, IReadOnlyList<ClickSelection> selections, AnswerLimits limits, CancellationToken cancellationToken);

    /// <summary>Brings what is kept of all clicks up to now, where that is kept ahead of the questions.</summary>
    /// <exception cref="System.Data.Common.DbException">The database, or what is counted in, does not answer.</exception>
    Task FollowAsync(CancellationToken cancellationToken);

    /// <summary>Lets go of an owner who is gone.</summary>
    void Forget(string ownerId);

    /// <summary>Takes out what clicks said that have been deleted, so that it is in no file any more.</summary>
    /// <exception cref="System.Data.Common.DbException">The database, or what is counted in, does not answer.</exception>
    Task ForgetDeletedAsync(CancellationToken cancellationToken);
}
