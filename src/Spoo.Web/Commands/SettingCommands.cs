using System.CommandLine;
using Spoo.Data.Care;
using Spoo.Data.Database;

namespace Spoo.Web.Commands;

/// <summary><c>settings</c>: those that can be changed while the server runs.</summary>
internal static class SettingCommands
{
    public static Command Make()
    {
        var name = new Argument<string?>("NAME") { Description = "Such as Accounts:SignUp; without it, all are listed", Arity = ArgumentArity.ZeroOrOne };
        var value = new Argument<string?>("VALUE") { Description = "What it is from now on; without it, what it is now is said", Arity = ArgumentArity.ZeroOrOne };
        var reset = new Option<bool>("--reset") { Description = "Lets the setting be what it is when nobody says anything" };
        var command = new Command("settings", "Shows and changes what can be changed while the server runs, as the pages of administrators do") { name, value, reset, Printed.Json };
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                var settings = services.GetRequiredService<RunningSettings>();
                var (which, to) = (parsed.GetValue(name), parsed.GetValue(value));
                if (parsed.GetValue(reset) && (which is null || to is not null))
                {
                    throw new SettingException("--reset takes the name of a setting and no value");
                }

                if (which is not null && settings.Find(which) is null)
                {
                    var near = WrongWords.Nearest(which, settings.All.Select(one => one.Name));
                    throw new SettingException($"there is no setting '{which}' that can be changed while the server runs{WrongWords.Perhaps(near)}; ./run settings lists them");
                }

                if (which is not null && (to is not null || parsed.GetValue(reset))
                    && await settings.ChangeAsync(which, parsed.GetValue(reset) ? null : to, null, cancellationToken) is { } no)
                {
                    throw new SettingException(no.Message);
                }

                var shown = which is null ? settings.All : [settings.Find(which)!];
                return Printed.Write(parsed, shown, all => all.Select(Line));
            },
            cancellationToken));
        return command;
    }

    private static string Line(RunningSetting setting) =>
        $"{setting.Name} = {setting.Value ?? "(nothing)"}  ({(setting.Source == SettingSource.Default ? "as nobody said anything" : $"by {RunningSettings.Words(setting.Source)}")})";
}
