using System.CommandLine;
using Spoo.Data.Care;
using Spoo.Data.Clicks.Reading;
using static Spoo.Web.Words.Plurals;

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
                Console.WriteLine(
                    $"{InEnglish(report.Agents, "{0} User-Agent", "{0} User-Agents")} judged by {ClickReader.Rules}; "
                    + $"{InEnglish(report.Changed, "{0} is", "{0} are")} called something else now, with {InEnglish(report.Clicks, "{0} click", "{0} clicks")}.");
                Console.WriteLine(
                    $"{InEnglish(report.ToBot, "{0} click of humans is", "{0} clicks of humans are")} a bot's now, {InEnglish(report.ToHuman, "{0}", "{0}")} of bots a human's.");
                return 0;
            },
            cancellationToken));
        return command;
    }
}
