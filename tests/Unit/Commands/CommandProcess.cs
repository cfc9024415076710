using System.Diagnostics;
using System.Text.Json;
using Spoo.Tests.Support;

namespace Spoo.Tests.Commands;

internal sealed record CommandRequest(string[] Args, string Input, Dictionary<string, string> Environment);

internal sealed record CommandAnswer(int Exit, string Output, string Error);

/// <summary>The program in a process of its own, started once and asked for one command after the other.</summary>
public sealed class CommandProcess : IAsyncDisposable
{
    /// <summary>Set in the process that runs many commands.</summary>
    internal const string Variable = "SPOO_TEST_COMMANDS";

    private readonly Process _process;

    public CommandProcess()
    {
        var start = Start();
        start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(CommandProcess).Assembly.Location;
        start.Environment[Variable] = "1";
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
    }

    /// <summary>How the program is started, with nothing after its name yet.</summary>
    public static ProcessStartInfo Start() => new("dotnet", [Path.Combine(AppContext.BaseDirectory, "Spoo.Web.dll")])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    public async Task<(int Exit, string Output, string Error)> RunAsync(string[] args, string input, Dictionary<string, string> environment)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new CommandRequest(args, input, environment)));
        await _process.StandardInput.FlushAsync();
        var line = await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Eventually.Patience);
        Assert.True(line is not null, "The program has ended.");
        var answer = JsonSerializer.Deserialize<CommandAnswer>(line)!;
        return (answer.Exit, answer.Output.ReplaceLineEndings("\n"), answer.Error.ReplaceLineEndings("\n"));
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(Eventually.Patience);
        _process.Dispose();
    }
}
