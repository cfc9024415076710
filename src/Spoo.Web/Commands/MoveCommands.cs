using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Spoo.Data.Clicks.Moved;
using static Spoo.Web.Words.Plurals;

namespace Spoo.Web.Commands;

/// <summary><c>move clicks</c>: where clicks live.</summary>
internal static class MoveCommands
{
    private const string ClickHouse = "clickhouse";
    private const string Database = "database";

    public static Command All() => new("move", "Moves what is stored to where it is to live from now on") { Clicks() };

    private static Command Clicks()
    {
        var to = new Option<string>("--to")
        {
            Description = "Where they are to live: clickhouse, which has to count them already, or database, from which they came",
            HelpName = $"{ClickHouse}|{Database}",
            Required = true,
        };
        to.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: not (ClickHouse or Database) }, ..])
            {
                result.AddError($"--to is {ClickHouse} or {Database}, and not '{result.Tokens[0].Value}'");
            }
        });
        var command = new Command("clicks", "Moves clicks to ClickHouse or back, piece by piece and also while the server runs; ended in between, it goes on where it was. New clicks follow a day after they came") { to };
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                var (mover, place) = (services.GetRequiredService<ClickMover>(), parsed.GetRequiredValue(to));
                var (started, line) = (Stopwatch.GetTimestamp(), new MovedLine());
                long clicks;
                try
                {
                    clicks = place == ClickHouse ? await mover.MoveAsync(null, line, cancellationToken) : await mover.BringBackAsync(line, cancellationToken);
                }
                finally
                {
                    line.End();
                }

                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{InEnglish(clicks, "{0} click", "{0} clicks")} moved {(place == ClickHouse ? "to ClickHouse" : "back to the database")} in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} seconds{(place == ClickHouse ? ", each piece compared before it counted" : "")}."));
                return 0;
            },
            cancellationToken));
        return command;
    }

    /// <summary>One line on the terminal that is written over and over; nothing where the output is no terminal.</summary>
    private sealed class MovedLine : IProgress<long>
    {
        private bool _isWritten;

        public void Report(long value)
        {
            if (!Console.IsErrorRedirected)
            {
                _isWritten = true;
                Console.Error.Write($"\r{InEnglish(value, "{0} click", "{0} clicks")} moved ");
            }
        }

        public void End()
        {
            if (_isWritten)
            {
                Console.Error.WriteLine();
            }
        }
    }
}
