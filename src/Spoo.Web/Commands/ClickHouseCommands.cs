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
        var state = await watch.LookAsync(cancellationToken);
        if (state.Failure is { } failure)
        {
            say(false, $"statistics: {failure}; there are none until it answers again, and nothing is lost: short links work, and their clicks are stored");
            return;
        }

        var where = $"ClickHouse {state.Version} at {state.Server}";
        if (state.Waiting > FewToCopy)
        {
            say(false, string.Create(CultureInfo.InvariantCulture, $"statistics: {where} has {state.Clicks:N0} clicks, and {state.Waiting:N0} wait to be copied there, which the server does while it runs; there are none until then"));
            return;
        }

        try
        {
            var comparison = await watch.CompareAsync(cancellationToken);
            var different = comparison.Differences;
            say(different.Count == 0, different.Count == 0
                ? $"statistics: {where} counts, and its copy has what the database has: {InEnglish(comparison.Clicks, "{0} click", "{0} clicks")}"
                : $"statistics: the copy in {where} is another than the database for {InEnglish(different.Count, "{0} link", "{0} links")}: {Named(different)}; ./run clickhouse rebuild makes it anew from the database");
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
                var state = await services.GetRequiredService<ClickHouseWatch>().LookAsync(cancellationToken);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{InEnglish(state.Clicks, "{0} click", "{0} clicks")} copied to {state.Database} in ClickHouse at {state.Server} in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} seconds."));
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
