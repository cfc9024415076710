using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Spoo.Tests.Support;

/// <summary>
/// A PostgreSQL server of the tests' own: in a temporary folder, on a free port of this machine, from the programs that are installed.
/// Where SPOO_POSTGRES holds the connection string of a server, that one is used instead.
/// </summary>
public sealed class PostgreSqlServer : IAsyncLifetime
{
    private readonly string? _given = Environment.GetEnvironmentVariable("SPOO_POSTGRES") is { Length: > 0 } given ? given : null;
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"spoo-postgres-{Guid.NewGuid():N}");
    private readonly string? _programs;
    private int _port;

    public PostgreSqlServer()
    {
        _programs = ProgramsFolder();
        WhyNot = _given is not null ? null
            : _programs is null ? "PostgreSQL's server is not installed, and SPOO_POSTGRES holds no connection string."
            : Environment.UserName == "root" && Run("id", "postgres") != 0 ? "PostgreSQL refuses to run as root, and there is no user postgres."
            : null;
    }

    /// <summary>Why there is no server. Null: there is one.</summary>
    public string? WhyNot { get; }

    /// <summary>Whether it may be stopped.</summary>
    public bool IsOurs => _given is null && WhyNot is null;

    /// <summary>The connection string of a database that is not there yet.</summary>
    public string NewDatabase() => new NpgsqlConnectionStringBuilder(_given ?? $"Host=127.0.0.1;Port={_port};Username=spoo")
    {
        Database = $"spoo_test_{Guid.NewGuid():N}",

        // Many programs run in one process here, and each would keep its connections for minutes.
        ConnectionIdleLifetime = 5,
        ConnectionPruningInterval = 1,
    }.ToString();

    public ValueTask InitializeAsync()
    {
        if (!IsOurs)
        {
            return ValueTask.CompletedTask;
        }

        Do("initdb", "--pgdata", _folder, "--username", "spoo", "--auth", "trust", "--encoding", "UTF8", "--no-sync");
        _port = Ports.Free();
        Start();
        return ValueTask.CompletedTask;
    }

    public void Start()
    {
        // What a power cut would take does not matter here.
        var port = _port.ToString(CultureInfo.InvariantCulture);
        Do(
            "pg_ctl", "start", "--wait", "--silent", "--pgdata", _folder, "--log", Path.Combine(_folder, "log"),
            "--options", $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300 -c fsync=off");
    }

    /// <summary>Stops at once; clients are cut off.</summary>
    public void Stop() => Do("pg_ctl", "stop", "--wait", "--silent", "--mode", "fast", "--pgdata", _folder);

    public ValueTask DisposeAsync()
    {
        if (Directory.Exists(_folder))
        {
            NpgsqlConnection.ClearAllPools();
            _ = Run(_programs + "/pg_ctl", "stop", "--wait", "--silent", "--mode", "immediate", "--pgdata", _folder);
            Directory.Delete(_folder, recursive: true);
        }

        return ValueTask.CompletedTask;
    }

    private static string? ProgramsFolder()
    {
        // Debian keeps the programs of each version in a folder of its own.
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin"))
            : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return path.Concat(debian).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")));
    }

    private void Do(string program, params string[] arguments)
    {
        if (Run(Path.Combine(_programs!, program), arguments) is var code and not 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {code}.");
        }
    }

    private static int Run(string program, params string[] arguments)
    {
        string[] command = Environment.UserName == "root"
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments]
            : [program, .. arguments];

        // The server would inherit what it can write to, and a reader of that would wait for its end.
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >/dev/null 2>&1 </dev/null", "sh", .. command]) { WorkingDirectory = "/" })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
