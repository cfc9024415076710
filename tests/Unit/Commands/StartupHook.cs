using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using Spoo.Tests.Commands;

/// <summary>
/// The runtime calls this before the program begins (DOTNET_STARTUP_HOOKS names this assembly). Run so by <see cref="CommandProcess"/>,
/// one process runs the program again and again: its start takes longer than most commands.
/// </summary>
[SuppressMessage("Design", "CA1050", Justification = "The runtime looks for a type of this name outside of namespaces.")]
internal static class StartupHook
{
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(CommandProcess.Variable) is null)
        {
            return;
        }

        var (requests, answers) = (Console.In, Console.Out);
        var program = Assembly.Load("Spoo.Web").EntryPoint!;
        while (requests.ReadLine() is { } line)
        {
            var request = JsonSerializer.Deserialize<CommandRequest>(line)!;
            using var output = new StringWriter();
            using var error = new StringWriter();
            Console.SetIn(new StringReader(request.Input));
            Console.SetOut(output);
            Console.SetError(error);
            foreach (var (name, value) in request.Environment)
            {
                Environment.SetEnvironmentVariable(name, value);
            }

            var exit = (int)program.Invoke(null, [request.Args])!;
            foreach (var name in request.Environment.Keys)
            {
                Environment.SetEnvironmentVariable(name, null);
            }

            answers.WriteLine(JsonSerializer.Serialize(new CommandAnswer(exit, output.ToString(), error.ToString())));
            answers.Flush();
        }

        Environment.Exit(0);
    }
}
