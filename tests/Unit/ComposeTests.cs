using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Data.SqlClient;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Spoo.Data;
using Spoo.Tests.Support;
using YamlDotNet.Serialization;

namespace Spoo.Tests;

/// <summary>No container runs here, so the files for them are held to what the program understands, and to what an operator may expect of them.</summary>
public sealed partial class ComposeTests
{
    private const string SqlServer = "docker-compose.yml";
    private const string PostgreSql = "compose.postgres.yml";

    public static TheoryData<string> Files => [SqlServer, PostgreSql, "compose.sqlite.yml"];

    [Theory, MemberData(nameof(Files))]
    public void The_server_has_no_rights_that_it_does_not_need(string file)
    {
        var spoo = Read(file).Services["spoo"];

        Assert.True(spoo.ReadOnly);
        Assert.Equal(["ALL"], spoo.CapDrop);
        Assert.All(Read(file).Services.Values, service => Assert.Contains("no-new-privileges:true", service.SecurityOpt));
        Assert.All(Read(file).Services.Values.SelectMany(service => service.Ports), port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
        Assert.Equal(["data:/data", "temporary:/tmp"], spoo.Volumes);
        Assert.Equal("10s", spoo.StopGracePeriod);
    }

    [Theory, MemberData(nameof(Files))]
    public void What_serves_is_started_again_and_what_must_not_be_lost_lies_on_a_volume(string file)
    {
        var compose = Read(file);

        foreach (var (name, service) in compose.Services)
        {
            Assert.Equal(name == "db-user" ? "no" : "unless-stopped", service.Restart);
            Assert.All(service.Volumes.Where(volume => volume[0] != '.'), volume => Assert.Contains(volume.Split(':')[0], compose.Volumes.Keys));
        }

        if (compose.Services.TryGetValue("db", out var db))
        {
            Assert.Contains(db.Volumes, volume => volume is "db:/var/opt/mssql" or "db:/var/lib/postgresql/data");
            Assert.NotEmpty(db.Healthcheck!.Test);
            Assert.Equal("service_healthy", compose.Services["db-user"].DependsOn["db"]["condition"]);
            Assert.Equal("service_completed_successfully", compose.Services["spoo"].DependsOn["db-user"]["condition"]);
        }
    }

    [Theory, MemberData(nameof(Files))]
    public void Passwords_come_from_files_and_stand_nowhere(string file)
    {
        var compose = Read(file);
        var text = File.ReadAllText(InRepository(file));

        Assert.All(compose.Secrets.Values, secret => Assert.StartsWith("./secrets/", secret["file"], StringComparison.Ordinal));
        Assert.All(compose.Services.Values.SelectMany(service => service.Environment), variable => Assert.False(
            variable.Key.Contains("PASSWORD", StringComparison.OrdinalIgnoreCase) && !variable.Key.EndsWith("_FILE", StringComparison.Ordinal), variable.Key));
        Assert.DoesNotMatch("(?i)(password|pwd)=[^$]", text);
        Assert.Contains("/secrets/", File.ReadAllLines(InRepository(".gitignore")));
        Assert.Contains("secrets", File.ReadAllLines(InRepository(".dockerignore")));
    }

    [Theory]
    [InlineData(SqlServer, DatabaseKind.SqlServer)]
    [InlineData(PostgreSql, DatabaseKind.PostgreSql)]
    public async Task The_server_knows_its_database_as_a_user_of_its_own_whatever_the_password(string file, DatabaseKind kind)
    {
        const string Password = "a;b'c\"d=e {f} $(g) \\ü";
        await using var folder = new TemporaryFolder();
        var secret = Assert.Single((List<object>)Read(file).Services["spoo"].Secrets!);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, (string)((Dictionary<object, object>)secret)["target"]), Password + "\n", TestContext.Current.CancellationToken);
        var settings = Read(file).Services["spoo"].Environment.ToDictionary(variable => variable.Key.Replace("__", ":", StringComparison.Ordinal), variable => variable.Value);
        settings["Secrets:Folder"] = folder.Path;

        var args = settings.SelectMany(setting => new[] { "--" + setting.Key, setting.Value }).Concat(["--Data:Folder", folder.Path]).ToArray();
        var builder = Web.Startup.CreateBuilder(args);
        builder.AddSpooData();
        await using var app = builder.Build();
        var options = app.Services.GetRequiredService<IOptions<DataOptions>>().Value;

        Assert.Equal(kind, options.Database);
        var (host, user, password) = kind == DatabaseKind.SqlServer
            ? Told(new SqlConnectionStringBuilder(options.ConnectionString), connection => (connection.DataSource, connection.UserID, connection.Password))
            : Told(new NpgsqlConnectionStringBuilder(options.ConnectionString), connection => (connection.Host!, connection.Username!, connection.Password!));
        Assert.Equal(("db", "spoo", Password), (host, user, password));

        static (string, string, string) Told<T>(T connection, Func<T, (string, string, string)> tell) => tell(connection);
    }

    [Fact]
    public void The_image_restores_in_a_layer_of_its_own_and_runs_without_rights()
    {
        var steps = Continued().Replace(File.ReadAllText(InRepository("Dockerfile")), " ").Split('\n');
        int Step(string start) => Array.FindIndex(steps, step => step.StartsWith(start, StringComparison.Ordinal));

        Assert.InRange(Step("RUN dotnet restore"), 0, Step("COPY src src"));
        Assert.InRange(Step("RUN bash -c '. eng/setup.sh && copy_page_scripts'"), 0, Step("COPY src src"));
        Assert.Contains("--use-current-runtime --self-contained false", steps[Step("RUN dotnet publish")], StringComparison.Ordinal);
        Assert.InRange(Step("USER $APP_UID"), Step("FROM mcr.microsoft.com/dotnet/aspnet"), Step("ENTRYPOINT"));
        Assert.True(Step("HEALTHCHECK") > 0 && Step("VOLUME /data") > 0 && Step("COPY --from=build /places /places") > 0);
        Assert.Contains("Data__Folder=/data Places__Path=/places Secrets__Folder=/run/secrets", steps[Step("ENV ")], StringComparison.Ordinal);

        // Every file that a step copies is there, and is not kept from the engine.
        var ignored = File.ReadAllLines(InRepository(".dockerignore"));
        foreach (var copied in steps.Where(step => step.StartsWith("COPY ", StringComparison.Ordinal) && !step.Contains("--from", StringComparison.Ordinal)).SelectMany(step => step.Split(' ')[1..^1]))
        {
            Assert.True(Path.Exists(InRepository(copied)), copied);
            Assert.DoesNotContain(copied, ignored);
        }
    }

    [Fact]
    public void The_image_is_asked_whether_it_is_well_by_a_script_that_tells_it_apart()
    {
        Assert.Equal(0, Ask("HTTP/1.1 200 OK"));
        Assert.Equal(0, Ask("HTTP/1.1 400 Bad Request"));
        Assert.NotEqual(0, Ask("HTTP/1.1 503 Service Unavailable"));
        Assert.NotEqual(0, Ask(""));

        static int Ask(string answer)
        {
            using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
            listener.Start();
            var served = Task.Run(async () =>
            {
                using var client = await listener.AcceptTcpClientAsync();
                await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(answer.Length == 0 ? "" : answer + "\r\n\r\n"));
            });
            var start = new System.Diagnostics.ProcessStartInfo("bash", [InRepository("eng/container/healthcheck.sh")]) { RedirectStandardError = true };
            start.Environment["ASPNETCORE_HTTP_PORTS"] = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
            using var asking = System.Diagnostics.Process.Start(start)!;
            asking.WaitForExit();
            served.Wait();
            return asking.ExitCode;
        }
    }

    [Fact]
    public void Making_the_user_of_SQL_Server_is_a_script_that_its_parser_reads()
    {
        var script = File.ReadAllText(InRepository("eng/container/sqlserver-user.sh")).Split("<<SQL\n")[1].Split("\nSQL")[0]
            .Replace("${password//\\'/\\'\\'}", "it''s", StringComparison.Ordinal);
        var parser = new Microsoft.SqlServer.TransactSql.ScriptDom.TSql150Parser(initialQuotedIdentifiers: true);

        using var reader = new StringReader(script);
        parser.Parse(reader, out var errors);

        Assert.Empty(errors.Select(error => $"{error.Line}: {error.Message}"));
        Assert.Contains("ALTER ROLE db_ddladmin ADD MEMBER [spoo]", script, StringComparison.Ordinal);
        Assert.DoesNotContain("sysadmin", script, StringComparison.Ordinal);
    }

    private static Compose Read(string file) => new DeserializerBuilder()
        .WithNamingConvention(YamlDotNet.Serialization.NamingConventions.UnderscoredNamingConvention.Instance)
        .IgnoreUnmatchedProperties()
        .Build()
        .Deserialize<Compose>(File.ReadAllText(InRepository(file)));

    private static string InRepository(string file, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", file));

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continued();

    internal sealed class Compose
    {
        public Dictionary<string, Service> Services { get; set; } = [];

        public Dictionary<string, Dictionary<string, string>> Secrets { get; set; } = [];

        public Dictionary<string, object?> Volumes { get; set; } = [];
    }

    internal sealed class Service
    {
        public Dictionary<string, string> Environment { get; set; } = [];

        public List<string> Ports { get; set; } = [];

        public List<string> Volumes { get; set; } = [];

        public object? Secrets { get; set; }

        public bool ReadOnly { get; set; }

        public List<string> CapDrop { get; set; } = [];

        public List<string> SecurityOpt { get; set; } = [];

        public Dictionary<string, Dictionary<string, string>> DependsOn { get; set; } = [];

        public Healthcheck? Healthcheck { get; set; }

        public string? StopGracePeriod { get; set; }

        public string? Restart { get; set; }
    }

    internal sealed class Healthcheck
    {
        public List<string> Test { get; set; } = [];
    }
}
