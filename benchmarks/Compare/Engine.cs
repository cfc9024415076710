using System.Diagnostics;
using System.Globalization;

namespace Spoo.Compare;

/// <summary>
/// Something that counts clicks, in a process of its own. Each is asked over standard input and answers in rows; an engine that cannot
/// tell how long it took is timed from outside, which adds a fraction of a millisecond and the transport of its rows.
/// </summary>
internal abstract class Engine(string name, string folder)
{
    public string Name => name;

    /// <summary>The engine's own name and version; known once it has taken the clicks in.</summary>
    public string Description { get; protected set; } = "";

    /// <summary>Where its data are.</summary>
    protected string Folder => folder;

    /// <summary>Takes the clicks in, in a folder that is empty.</summary>
    public abstract void Load(ClickData data, string csv);

    /// <summary>Starts the process that answers; nothing has been asked yet.</summary>
    public abstract EngineProcess Start();

    public abstract IEnumerable<string> Requests(Question question);

    public virtual void End()
    {
    }

    /// <summary>Runs a program to its end.</summary>
    protected static string Run(string program, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Trim() : throw new EngineException($"{program}: {(errors.Result + output).Trim()}");
    }
}

internal sealed class EngineException(string message) : Exception(message);

internal sealed class EngineProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly Func<string, string> _wrap;

    /// <param name="wrap">Turns a statement into the lines that are sent, the last of which makes the process write END.</param>
    public EngineProcess(string program, IEnumerable<string> arguments, Func<string, string>? wrap = null)
    {
        _wrap = wrap ?? (statement => statement);
        _process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Has statements executed whose answers do not matter.</summary>
    public void Tell(IEnumerable<string> requests)
    {
        foreach (var request in requests)
        {
            Exchange(request);
        }
    }

    /// <summary>Asks, and says how long that took.</summary>
    public (List<AnswerRow> Rows, double Milliseconds) Ask(IEnumerable<string> requests)
    {
        var rows = new List<AnswerRow>();
        var total = 0.0;
        foreach (var request in requests)
        {
            var (lines, milliseconds) = Exchange(request);
            total += milliseconds;
            rows.AddRange(lines.Select(AnswerRow.Parse));
        }

        rows.Sort();
        return (rows, total);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(20_000))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private (List<string> Lines, double Milliseconds) Exchange(string request)
    {
        var start = Stopwatch.GetTimestamp();
        _process.StandardInput.Write(_wrap(request) + "\n");
        _process.StandardInput.Flush();
        var lines = new List<string>();
        while (true)
        {
            var line = _process.StandardOutput.ReadLine() ?? throw new EngineException($"it ended: {_errors.Result.Trim()}");
            if (line.StartsWith("END", StringComparison.Ordinal))
            {
                var milliseconds = line.Length > 3 ? double.Parse(line[4..], CultureInfo.InvariantCulture) : Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                return (lines, milliseconds);
            }

            if (line.Length > 0)
            {
                lines.Add(line);
            }
        }
    }
}
