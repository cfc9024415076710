using System.CommandLine;
using System.Globalization;
using Spoo.Data.Care;
using Spoo.Data.Clicks.Reading;

namespace Spoo.Web.Commands;

/// <summary><c>rejudge</c>: today's rules for the clicks of the past.</summary>
internal static class RejudgeCommand
{
    public static Command Make()
    {
        var command = new Command("rejudge", "Reads the User-Agents of all clicks again, after an update brought newer rules, and says what changed");
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                var report = await services.GetRequiredService<Rejudging>().RunAsync(cancellationToken);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{report.Agents:N0} User-Agents judged by {ClickReader.Rules}; {report.Changed:N0} are called something else now, with {report.Clicks:N0} clicks."));
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{report.ToBot:N0} clicks of humans are a bot's now, {report.ToHuman:N0} of bots a human's."));
                return 0;
            },
            cancellationToken));
        return command;
    }
}
