using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Spoo.Data;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Tests.Support;

namespace Spoo.Tests;

public sealed class RoundsTests
{
    [Fact]
    public async Task Rounds_go_on_whatever_goes_wrong_in_one()
    {
        using var rounds = new BadRounds();
        await rounds.StartAsync(TestContext.Current.CancellationToken);

        await rounds.Third.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.False(rounds.ExecuteTask!.IsCompleted);
        await rounds.StopAsync(TestContext.Current.CancellationToken);
        Assert.True(rounds.ExecuteTask.IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(400)]
    public async Task No_pause_that_a_round_asks_for_ends_the_server(int days)
    {
        using var rounds = new OddPauses(TimeSpan.FromDays(days));
        await rounds.StartAsync(TestContext.Current.CancellationToken);

        await rounds.First.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        await rounds.StopAsync(TestContext.Current.CancellationToken);
        Assert.True(rounds.ExecuteTask!.IsCompletedSuccessfully);
    }

    [Fact]
    public void Everything_in_the_background_is_done_in_rounds_that_survive()
    {
        var background = new[] { typeof(SpooDbContext).Assembly, typeof(Program).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsAssignableTo(typeof(BackgroundService)) && !type.IsAbstract)
            .ToList();

        Assert.Contains(typeof(LinkMemoryRounds), background);

        // The writer has a thread of its own, and catches everything on it.
        Assert.DoesNotContain(background, type => !type.IsAssignableTo(typeof(Rounds)) && type != typeof(ClickWriter));
    }

    /// <summary>It may be away for hours, and the disk that is full may be that of the log.</summary>
    [Fact]
    public async Task A_database_that_is_away_costs_a_line_of_the_log_for_each_round()
    {
        using var log = new KeptLog();
        using var rounds = new LonelyRounds(log.CreateLogger("rounds"));
        await rounds.StartAsync(TestContext.Current.CancellationToken);
        await rounds.Second.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await rounds.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal("it is being moved", rounds.LastFailure);
        Assert.All(log.Worries, line => Assert.Equal("rounds: A round of LonelyRounds failed, and the next one tries again: the database does not answer: " + rounds.LastFailure, line.TrimEnd()));
        Assert.NotEmpty(log.Worries);
    }

    private sealed class LonelyRounds(ILogger logger) : Rounds(TimeProvider.System, logger)
    {
        private int _round;

        public TaskCompletionSource Second { get; } = new();

        protected override TimeSpan FirstPause => TimeSpan.Zero;

        protected override TimeSpan PauseAfterFailure => TimeSpan.Zero;

        protected override Task<TimeSpan> RoundAsync(CancellationToken cancellationToken)
        {
            if (++_round == 2)
            {
                Second.SetResult();
            }

            throw new StoreAwayException("it is being moved");
        }
    }

    private sealed class OddPauses(TimeSpan pause) : Rounds(TimeProvider.System, NullLogger.Instance)
    {
        public TaskCompletionSource First { get; } = new();

        protected override TimeSpan FirstPause => TimeSpan.Zero;

        protected override Task<TimeSpan> RoundAsync(CancellationToken cancellationToken)
        {
            First.TrySetResult();
            return Task.FromResult(pause);
        }
    }

    private sealed class BadRounds() : Rounds(TimeProvider.System, NullLogger.Instance)
    {
        private int _round;

        public TaskCompletionSource Third { get; } = new();

        protected override TimeSpan FirstPause => TimeSpan.Zero;

        protected override TimeSpan PauseAfterFailure => TimeSpan.Zero;

        [SuppressMessage("Usage", "CA2201", Justification = "As a driver throws it that has no connection left.")]
        protected override Task<TimeSpan> RoundAsync(CancellationToken cancellationToken)
        {
            if (++_round == 3)
            {
                Third.SetResult();
            }

            throw _round % 2 == 0 ? new InvalidOperationException("Timeout expired.") : new OperationCanceledException("somebody else's");
        }
    }
}
