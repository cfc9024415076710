using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Database;

namespace Spoo.Data.Clicks.News;

/// <summary>
/// Notices what other processes store in the same database, which are other nodes and imports from the command line, and tells those who look at its
/// numbers here, as <see cref="ClickPublisher"/> does of this process's own clicks.
/// </summary>
public sealed class RemoteClickRounds : Rounds
{
    /// <summary>How often is looked: two rows or three, by a writer's key.</summary>
    private static readonly TimeSpan Pause = OtherNodes.Delay / 2;

    /// <summary>An import may begin and end between two looks.</summary>
    private static readonly TimeSpan FinishedLately = TimeSpan.FromMinutes(2);

    private readonly ClickPublisher _publisher;
    private readonly ClickSubscriptions _subscriptions;
    private readonly IDbContextFactory<SpooDbContext> _contexts;

    // Up to which key the clicks of each writer have been told of, by this class or because this process stored them.
    private readonly ConcurrentDictionary<int, long> _told = new();
    private bool _hasBegun;

    public RemoteClickRounds(
        ClickPublisher publisher, ClickSubscriptions subscriptions, IDbContextFactory<SpooDbContext> contexts, TimeProvider clock, ILogger<RemoteClickRounds> logger)
        : base(clock, logger)
    {
        (_publisher, _subscriptions, _contexts) = (publisher, subscriptions, contexts);
        _publisher.Stored += NoteOwn;
    }

    protected override TimeSpan FirstPause => TimeSpan.Zero;

    protected override TimeSpan PauseAfterFailure => OtherNodes.PauseAfterFailure;

    public override void Dispose()
    {
        _publisher.Stored -= NoteOwn;
        base.Dispose();
    }

    protected override async Task<TimeSpan> RoundAsync(CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateToAnswerAsync(cancellationToken);
        var lately = Clock.GetUtcNow() - FinishedLately;
        var writers = await context.ClickWriters.Where(writer => writer.FinishedAt == null || writer.FinishedAt > lately)
            .Select(writer => new { writer.Id, writer.LastSequence })
            .ToListAsync(cancellationToken);
        foreach (var writer in writers)
        {
            var until = new ClickId(writer.Id, writer.LastSequence).Packed;
            var told = _told.GetValueOrDefault(writer.Id, _hasBegun ? ClickId.FirstOf(writer.Id) : until);
            if (told < until)
            {
                _subscriptions.Hear(await context.Clicks.Where(click => click.Id > told && click.Id <= until).Select(click => click.LinkId).Distinct().ToListAsync(cancellationToken));
            }

            Note(writer.Id, until);
        }

        _hasBegun = true;
        return Pause;
    }

    private void NoteOwn(IReadOnlyList<Click> clicks)
    {
        var last = clicks.Max(click => click.Id);
        Note(ClickId.Unpack(last).Writer, last);
    }

    private void Note(int writer, long key) => _told.AddOrUpdate(writer, key, (_, before) => Math.Max(before, key));
}
