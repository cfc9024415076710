using System.CommandLine;
using System.CommandLine.Help;
using Microsoft.Extensions.Options;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Data.Database;
using Spoo.Web.Commands.Import;
using Spoo.Web.Identity;
using Spoo.Web.Mail;

namespace Spoo.Web.Commands;

/// <summary>The verbs behind <c>./run VERB</c>: the same program, without the server.</summary>
internal static class SpooCommands
{
    /// <summary>Exit code when a command did what it could, but not all that was asked.</summary>
    public const int InPart = 2;

    /// <summary>Exit code after Ctrl+C.</summary>
    public const int Interrupted = 130;

    private static readonly Option<string> Data = new("--data")
    {
        Description = $"The folder of everything that Spoo keeps [default: {new DataOptions().Folder}]",
        HelpName = "DIR",
        Recursive = true,
    };

    private static readonly Option<string> Urls = new("--urls")
    {
        Description = $"Where the server listens; several addresses are separated by ; [default: {Startup.DefaultUrl}]",
        HelpName = "URL",
        Recursive = true,
    };

    /// <summary>Whether the command line asks for a verb or for help, and not for the server.</summary>
    public static bool Asked(string[] args)
    {
        if (args.Length == 0)
        {
            return false;
        }

        var asked = Root().Parse(args);
        return asked.CommandResult.Command is not RootCommand || !args[0].StartsWith('-') || asked.Action is HelpAction || args[0] == "--version";
    }

    /// <summary>Runs the verb. What is wrong with the command line is said in one line, as everything else is.</summary>
    /// <returns>The exit code. Null, with the options of the server: it is to start now.</returns>
    public static async Task<(int? ExitCode, string[] ServerArgs)> RunAsync(string[] args)
    {
        var parsed = Root().Parse(args is ["help", .. var about] ? [.. about, "--help"] : args);
        if (parsed.Errors is [var error, ..])
        {
            throw new SettingException($"{WrongWords.Of(parsed, error)}; ./run {Path(parsed.CommandResult)}--help says what is right");
        }

        try
        {
            using var signals = new StopSignals();
            var help = parsed.Action is HelpAction ? new StringWriter() : null;
            var code = await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = help ?? Console.Out }, signals.Stopped);
            if (help is not null)
            {
                // The file's own name is nothing that anybody types.
                Console.Out.Write(help.ToString().Replace(RootCommand.ExecutableName, "./run", StringComparison.Ordinal));
            }

            return code == 0 && parsed.Action is not HelpAction && DemoCommand.ServesAfterwards(parsed) ? (null, ServerArgs(parsed)) : (code, []);
        }
        catch (OperationCanceledException)
        {
            return (Interrupted, []);
        }
    }

    /// <summary>Does a command's work with the services, settings and database that the server has, too.</summary>
    public static async Task<int> WithServicesAsync(
        ParseResult parsed, Func<IServiceProvider, Task<int>> work, CancellationToken cancellationToken)
    {
        var builder = Builder(parsed);

        // Standard output belongs to the command's answer.
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning).AddFilter(SecurityLog.Category, LogLevel.Warning).AddFilter(AuditLog.Category, LogLevel.Warning)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.AddSpooData();
        builder.AddSpooAccounts();
        builder.AddSpooMail();
        await using var app = builder.Build();
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        await app.Services.GetRequiredService<SpooDatabase>().PrepareAsync(cancellationToken);
        await app.Services.GetRequiredService<RunningSettings>().ApplyAsync(cancellationToken);
        await using var scope = app.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider);
    }

    private static string[] ServerArgs(ParseResult parsed) =>
    [
        .. parsed.GetValue(Data) is { } folder ? ["--data", folder] : (string[])[],
        .. parsed.GetValue(Urls) is { } urls ? ["--urls", urls] : (string[])[],
    ];

    /// <summary>Where everything is kept by the settings, before any of it is touched.</summary>
    public static DataOptions DataOf(ParseResult parsed) =>
        Builder(parsed).Configuration.GetSection(DataOptions.Section).Get<DataOptions>() ?? new DataOptions();

    private static WebApplicationBuilder Builder(ParseResult parsed) =>
        Startup.CreateBuilder(parsed.GetValue(Data) is { } folder ? ["--data", folder] : []);

    private static RootCommand Root()
    {
        var root = Verbs();
        foreach (var command in MaintenanceCommands.All())
        {
            root.Add(command);
        }

        return root;
    }

    private static RootCommand Verbs() => new(
        $"""
        Spoo counts and shows the clicks of short links.

        Without a command it serves the dashboard and the API. Every setting can be given to the server as --Section:Name VALUE, and to
        the server and every command in the environment (Section__Name=VALUE) or in the file spoo.json in the data folder.
        docs/operations.md lists the settings. Commands may run beside the server.
        """)
    {
        Data,
        Urls,
        new Option<string>("--Section:Name")
        {
            Description = "Any setting of the server, such as --Stats:MaxRangeDays 90", HelpName = "VALUE",
        },
        UserCommands.All(),
        LinkCommands.All(),
        DomainCommands.All(),
        SettingCommands.Make(),
        KeyCommands.All(),
        ImportCommands.All(),
        DemoCommand.Make(),
        RejudgeCommand.Make(),
        ClickHouseCommands.All(),
        MoveCommands.All(),
    };

    private static string Path(System.CommandLine.Parsing.CommandResult command) =>
        command.Parent is System.CommandLine.Parsing.CommandResult parent ? $"{Path(parent)}{command.Command.Name} " : "";
}
