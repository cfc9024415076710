using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Spoo.Data;
using Spoo.Data.Database;
using Spoo.Data.Stats;
using Spoo.Data.Stats.ClickHouse;
using static Spoo.Web.Words.Plurals;

namespace Spoo.Web.Commands;

/// <summary><c>clickhouse rebuild</c>, and what <c>check</c> says of the copy of the clicks there.</summary>
internal static class ClickHouseCommands
{
    /// <summary>Links that are named; where more differ, the number says enough.</summary>
    private const int MostNamed = 5;

    /// <summary>Copying more than that takes longer than a check may, and the server is at it.</summary>
    private const long FewToCopy = 1_000_000;

    private static readonly TimeSpan BetweenReports = TimeSpan.FromSeconds(1);

    public static Command All() => new("clickhouse", "The copy of the clicks in ClickHouse, where they are counted there") { Rebuild() };

    /// <summary>Says how the copy is, if there is one.</summary>
    /// <param name="say">Takes whether all is well, and the line.</param>
    public static async Task CheckAsync(IServiceProvider services, Action<bool, string> say, CancellationToken cancellationToken)
    {
        if (services.GetRequiredService<StatsOptions>().Engine != StatsEngine.ClickHouse)
        {
            return;
        }

        var watch = services.GetRequiredService<ClickHouseWatch>();
        var states = await watch.LookAsync(cancellationToken);
        if (states.Sum(state => state.Moved) is > 0 and var moved)
        {
            say(true, $"clicks: {InEnglish(moved, "{0} click lives", "{0} clicks live")} in ClickHouse, and not in the database; a backup needs both");
        }

        foreach (var failure in states.Select(state => state.Failure).OfType<string>())
        {
            say(false, $"statistics: {failure}; there are none until it answers again, and nothing is lost: short links work, and their clicks are stored");
        }

        foreach (var state in states.Where(state => state is { Failure: null, Waiting: > FewToCopy }))
        {
            say(false, string.Create(CultureInfo.InvariantCulture, $"statistics: ClickHouse {state.Version} at {state.Server} has {state.Clicks:N0} clicks, and {state.Waiting:N0} wait to be copied, which the server does while it runs; there are none until then"));
        }

        if (states.All(state => state is { Failure: null, Waiting: <= FewToCopy }))
        {
            await CompareAsync(watch, states, say, cancellationToken);
        }
    }

    private static async Task CompareAsync(ClickHouseWatch watch, IReadOnlyList<ClickHouseState> states, Action<bool, string> say, CancellationToken cancellationToken)
    {
        var where = string.Join(", ", states.Select(state => $"ClickHouse {state.Version} at {state.Server}"));
        var (count, copy) = states.Count == 1 ? ("counts, and its copy has", "the copy in") : ("count, and their copies together have", "the copies together in");
        try
        {
            var comparison = await watch.CompareAsync(cancellationToken);
            var different = comparison.Differences;
            say(different.Count == 0, different.Count == 0
                ? $"statistics: {where} {count} what the database has: {InEnglish(comparison.Clicks, "{0} click", "{0} clicks")}"
                : $"statistics: {copy} {where} {(states.Count == 1 ? "is another" : "are others")} than the database for {InEnglish(different.Count, "{0} link", "{0} links")}: {Named(different)}; ./run clickhouse rebuild makes {(states.Count == 1 ? "it" : "them")} anew from the database");
        }
        catch (ClickHouseException exception)
        {
            say(false, $"statistics: {exception.Message}");
        }
    }

    private static string Named(IReadOnlyList<ClickHouseDifference> different) =>
        string.Join(", ", different.Take(MostNamed).Select(link => link.Rows == link.Copied
            ? $"{link.Link} with other times"
            : string.Create(CultureInfo.InvariantCulture, $"{link.Link} with {link.Copied:N0} instead of {link.Rows:N0} clicks")))
        + (different.Count > MostNamed ? " and others" : "");

    private static Command Rebuild()
    {
        var command = new Command("rebuild", "Makes the copy of the clicks in ClickHouse anew from the database, also while the server runs; there are no statistics until it is complete");
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                if (services.GetRequiredService<StatsOptions>().Engine != StatsEngine.ClickHouse)
                {
                    throw new SettingException("Stats:Engine is Columns, so there is no copy in ClickHouse; what counts in memory is made anew when the folder 'index' is deleted while the server does not run");
                }

                var clicks = services.GetRequiredService<ClickHouseClicks>();
                var started = Stopwatch.GetTimestamp();
                var rebuilding = clicks.RebuildAsync(cancellationToken);
                while (await Task.WhenAny(rebuilding, Task.Delay(BetweenReports, cancellationToken)) != rebuilding && !cancellationToken.IsCancellationRequested)
                {
                    Report(clicks.Progress);
                }

                await rebuilding;
                foreach (var state in await services.GetRequiredService<ClickHouseWatch>().LookAsync(cancellationToken))
                {
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{InEnglish(state.Clicks, "{0} click", "{0} clicks")} copied to {state.Database} in ClickHouse at {state.Server} in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} seconds."));
                }

                return 0;
            },
            cancellationToken));
        return command;
    }

    private static void Report((long Done, long All) progress)
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{progress.Done:N0} of {progress.All:N0} clicks copied "));
        }
    }
}
