using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Spoo.Data.Stats.Counting;
using Spoo.Data.Stats.Counting.Columns;

namespace Spoo.Compare;

/// <summary>Spoo's columns, loaded from the bytes of an index file by this same program in a second process.</summary>
internal sealed class SpooEngine(string folder) : Engine("spoo", folder)
{
    public const string Verb = "answer";

    public override void Load(ClickData data, string csv)
    {
        Description = "Spoo";
        var columns = data.ToColumns();
        Directory.CreateDirectory(Folder);
        using var file = new FileStream(IndexIn(Folder), FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        columns.Write(new IndexWriter(file));
    }

    public override EngineProcess Start() => new(Environment.ProcessPath!, [typeof(SpooEngine).Assembly.Location, Verb, Folder]);

    public override IEnumerable<string> Requests(Question question) => [JsonSerializer.Serialize(question)];

    /// <summary>What the second process does: the first question loads the columns.</summary>
    public static int Answer(string folder)
    {
        ClickColumns? columns = null;
        for (string? line; (line = Console.ReadLine()) is not null;)
        {
            var question = JsonSerializer.Deserialize<Question>(line)!;
            var start = Stopwatch.GetTimestamp();
            columns ??= Read(folder);
            var answer = Scan.Run(columns, question.Scan);
            var milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            using var output = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 1 << 16);
            foreach (var row in question.Rows(answer))
            {
                output.WriteLine(row);
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"END {milliseconds:F3}"));
        }

        return 0;
    }

    public static ClickColumns Read(string folder)
    {
        const int Any = int.MaxValue;
        using var file = new FileStream(IndexIn(folder), FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        return ClickColumns.Read(
            new IndexReader(file), new ShardFile(file), Any, [.. Enumerable.Repeat(Any, ClickData.ProfileFields.Length)], [.. Enumerable.Repeat(Any, ClickData.SourceFields.Length)]);
    }

    private static string IndexIn(string folder) => Path.Combine(folder, "columns.clicks");
}

/// <summary>An engine that is a package of Node's, in a process of Node's.</summary>
internal abstract class NodeEngine(string name, string package, string folder, string engines) : Engine(name, folder)
{
    protected abstract string Path { get; }

    protected abstract SqlDialect Dialect { get; }

    public override void Load(ClickData data, string csv)
    {
        Description = $"{package} {Run("node", "-p", $"require('{engines}/package-lock.json').packages['node_modules/{package}'].version")}";
        Directory.CreateDirectory(Folder);
        using var process = Start();
        process.Tell(Setup(csv));
    }

    public override EngineProcess Start() => new("node", [System.IO.Path.Combine(engines, "engine.mjs"), Name, Path]);

    public override IEnumerable<string> Requests(Question question) => question.Sql(Dialect);

    protected abstract IEnumerable<string> Setup(string csv);
}

internal sealed class ClickHouseEngine(string folder, string engines) : NodeEngine("clickhouse", "chdb", folder, engines)
{
    protected override string Path => Folder;

    protected override SqlDialect Dialect { get; } = new("compare.clicks", "uniqExact(visitor)", (column, width) => $"intDiv({column}, {width})");

    protected override IEnumerable<string> Setup(string csv) =>
    [
        "CREATE DATABASE compare",
        "CREATE TABLE compare.clicks (visitor Int64, time Int64, link UInt32, browser UInt16, os UInt16, country UInt16, city UInt32, referrer UInt32) "
            + "ENGINE = MergeTree ORDER BY (link, time)",
        $"INSERT INTO compare.clicks SELECT * FROM file('{csv}', 'CSV', '{string.Join(", ", Question.Columns.Select(column => column + " Int64"))}')",
        "OPTIMIZE TABLE compare.clicks FINAL",
    ];
}

internal sealed class DuckDbEngine(string folder, string engines) : NodeEngine("duckdb", "@duckdb/node-api", folder, engines)
{
    protected override string Path => System.IO.Path.Combine(Folder, "clicks.duckdb");

    protected override SqlDialect Dialect { get; } = new("clicks", "count(DISTINCT visitor)", (column, width) => $"{column} // {width}");

    protected override IEnumerable<string> Setup(string csv) =>
    [
        "CREATE TABLE clicks (visitor BIGINT, time BIGINT, link UINTEGER, browser USMALLINT, os USMALLINT, country USMALLINT, city UINTEGER, referrer UINTEGER)",
        $"COPY clicks FROM '{csv}' (HEADER false)",
        "CHECKPOINT",
    ];
}

/// <summary>A PostgreSQL server of its own, which listens on a socket in its folder only.</summary>
internal sealed class PostgresEngine(string folder) : Engine("postgres", folder)
{
    // As an administrator would set it on a machine of its own; and no time is lost on surviving power cuts.
    private const string Settings =
        "-c listen_addresses='' -c shared_buffers=2GB -c work_mem=1GB -c maintenance_work_mem=1GB -c max_parallel_workers_per_gather=2 "
        + "-c fsync=off -c synchronous_commit=off -c max_wal_size=8GB -c autovacuum=off";

    private readonly SqlDialect _dialect = new("clicks", "count(DISTINCT visitor)", (column, width) => $"{column} / {width}");
    private bool _runs;

    public override void Load(ClickData data, string csv)
    {
        Description = Run(Program("postgres"), "--version");
        Directory.CreateDirectory(Folder);
        if (Environment.UserName == "root")
        {
            Run("chown", "postgres", Folder); // the server refuses to be root
        }

        AsServer(Program("initdb"), "-D", Data, "-A", "trust", "-U", "compare", "--no-sync");
        Control("start");
        Sql("CREATE TABLE clicks (visitor bigint, time bigint, link int, browser smallint, os smallint, country smallint, city int, referrer int)");
        Sql($"\\copy clicks FROM '{csv}' (FORMAT csv)");
        Sql("CREATE INDEX ON clicks (link, time)");
        Sql("CREATE INDEX ON clicks (time)");
        Sql("VACUUM ANALYZE clicks");
    }

    public override EngineProcess Start()
    {
        Control("restart");
        return new EngineProcess("psql", ["-X", "-q", "-A", "-t", "-F", "|", .. Connection], sql => sql + ";\nSELECT 'END';");
    }

    public override IEnumerable<string> Requests(Question question) => question.Sql(_dialect);

    public override void End()
    {
        if (_runs)
        {
            Control("stop");
        }
    }

    private string Data => Path.Combine(Folder, "data");

    private IEnumerable<string> Connection => ["-h", Folder, "-U", "compare", "-d", "postgres"];

    /// <summary>Debian does not put the server's own programs on the path.</summary>
    private static string Program(string name) => Path.Combine(Run("pg_config", "--bindir"), name);

    private void Control(string what)
    {
        AsServer(Program("pg_ctl"), "-D", Data, "-o", $"{Settings} -k '{Folder}'", "-l", Path.Combine(Folder, "log"), "-m", "fast", "-w", "-t", "120", what);
        _runs = what != "stop";
    }

    private void Sql(string statement) => Run("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", .. Connection, "-c", statement]);

    private static void AsServer(string program, params string[] arguments)
    {
        if (Environment.UserName == "root")
        {
            Run("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments]);
        }
        else
        {
            Run(program, arguments);
        }
    }
}

internal sealed class SqliteEngine(string folder) : Engine("sqlite", folder)
{
    private readonly SqlDialect _dialect = new("clicks", "count(DISTINCT visitor)", (column, width) => $"{column} / {width}");

    public override void Load(ClickData data, string csv)
    {
        Description = "SQLite " + Run("sqlite3", "--version").Split(' ')[0];
        Directory.CreateDirectory(Folder);
        Run(
            "sqlite3",
            File,
            "PRAGMA journal_mode = OFF",
            "PRAGMA synchronous = OFF",
            $"CREATE TABLE clicks ({string.Join(", ", Question.Columns.Select(column => column + " INTEGER"))})",
            $".import --csv '{csv}' clicks",
            "CREATE INDEX by_link ON clicks (link, time)",
            "CREATE INDEX by_time ON clicks (time)",
            "ANALYZE");
    }

    // With line buffering, because otherwise the end of an answer waits in a buffer for the next one.
    public override EngineProcess Start() => new(
        "stdbuf",
        ["-oL", "sqlite3", "-readonly", "-separator", "|", "-cmd", "PRAGMA cache_size = -2000000", "-cmd", "PRAGMA temp_store = MEMORY", File],
        sql => sql + ";\n.print END");

    public override IEnumerable<string> Requests(Question question) => question.Sql(_dialect);

    private string File => Path.Combine(Folder, "clicks.db");
}
