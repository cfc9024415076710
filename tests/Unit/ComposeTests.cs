using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Spoo.Data;
using YamlDotNet.Serialization;

namespace Spoo.Tests;

/// <summary>No container runs here, so the file for it is held to what the program understands.</summary>
public sealed class ComposeTests
{
    private static readonly Dictionary<string, Service> Services = Read(File.ReadAllText(InRepository("docker-compose.yml")));

    [Fact]
    public void Its_settings_are_settings_that_the_product_has()
    {
        var options = SettingsOf(Services["spoo"]);

        Assert.Equal(DatabaseKind.SqlServer, options.Database);
        Assert.StartsWith("Server=db;", options.ConnectionString, StringComparison.Ordinal);
    }

    [Fact]
    public void The_example_with_PostgreSQL_has_such_settings_too_and_volumes_for_what_must_not_be_lost()
    {
        var example = File.ReadAllText(InRepository("docs/operations.md")).Split("```yaml")[1].Split("```")[0];
        var services = Read(example);
        var options = SettingsOf(services["spoo"]);
        var connection = new NpgsqlConnectionStringBuilder(options.ConnectionString);

        Assert.Equal(DatabaseKind.PostgreSql, options.Database);
        Assert.Equal(("db", services["db"].Environment["POSTGRES_USER"]), (connection.Host, connection.Username));
        Assert.Equal(services["db"].Environment["POSTGRES_PASSWORD"], connection.Password);
        Assert.Equal("service_healthy", services["spoo"].DependsOn["db"]["condition"]);
        Assert.Contains("data:/data", services["spoo"].Volumes);
        Assert.Contains("db:/var/lib/postgresql/data", services["db"].Volumes);
    }

    [Fact]
    public void The_product_waits_until_the_database_answers()
    {
        Assert.Equal("service_healthy", Services["spoo"].DependsOn["db"]["condition"]);
        Assert.Contains(Services["db"].Healthcheck.Test, word => word.Contains("SELECT 1", StringComparison.Ordinal));
    }

    [Fact]
    public void What_must_not_be_lost_lies_on_volumes()
    {
        Assert.Contains("data:/data", Services["spoo"].Volumes);
        Assert.Contains(Services["db"].Volumes, volume => volume.EndsWith(":/var/opt/mssql", StringComparison.Ordinal));
        Assert.Contains("ENV Data__Folder=/data", File.ReadAllText(InRepository("Dockerfile")), StringComparison.Ordinal);
    }

    [Fact]
    public void Passwords_are_asked_for_and_not_written_down() =>
        Assert.All(
            Services.Values.SelectMany(service => service.Environment).Where(variable => variable.Value.Contains("assword", StringComparison.Ordinal)
                || variable.Key.Contains("PASSWORD", StringComparison.Ordinal)),
            variable => Assert.Contains("${SPOO_DB_PASSWORD:?", variable.Value, StringComparison.Ordinal));

    private static DataOptions SettingsOf(Service service) => new ConfigurationBuilder()
        .AddInMemoryCollection(service.Environment.ToDictionary(
            variable => variable.Key.Replace("__", ":", StringComparison.Ordinal), variable => (string?)variable.Value))
        .Build()
        .GetSection(DataOptions.Section).Get<DataOptions>(binder => binder.ErrorOnUnknownConfiguration = true)!;

    private static Dictionary<string, Service> Read(string file) => new DeserializerBuilder()
        .WithNamingConvention(YamlDotNet.Serialization.NamingConventions.UnderscoredNamingConvention.Instance)
        .IgnoreUnmatchedProperties()
        .Build()
        .Deserialize<Compose>(file)
        .Services;

    private static string InRepository(string file, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", file));

    internal sealed class Compose
    {
        public Dictionary<string, Service> Services { get; set; } = [];
    }

    internal sealed class Service
    {
        public Dictionary<string, string> Environment { get; set; } = [];

        public List<string> Volumes { get; set; } = [];

        public Dictionary<string, Dictionary<string, string>> DependsOn { get; set; } = [];

        public Healthcheck Healthcheck { get; set; } = new();
    }

    internal sealed class Healthcheck
    {
        public List<string> Test { get; set; } = [];
    }
}
