using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Spoo.Data;
using YamlDotNet.Serialization;

namespace Spoo.Tests;

/// <summary>No container runs here, so the file for it is held to what the program understands.</summary>
public sealed class ComposeTests
{
    private static readonly Dictionary<string, Service> Services = Read();

    [Fact]
    public void Its_settings_are_settings_that_the_product_has()
    {
        var environment = Services["spoo"].Environment.ToDictionary(
            variable => variable.Key.Replace("__", ":", StringComparison.Ordinal), variable => (string?)variable.Value);
        var options = new ConfigurationBuilder().AddInMemoryCollection(environment).Build()
            .GetSection(DataOptions.Section).Get<DataOptions>(binder => binder.ErrorOnUnknownConfiguration = true)!;

        Assert.Equal(DatabaseKind.SqlServer, options.Database);
        Assert.StartsWith("Server=db;", options.ConnectionString, StringComparison.Ordinal);
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

    private static Dictionary<string, Service> Read() => new DeserializerBuilder()
        .WithNamingConvention(YamlDotNet.Serialization.NamingConventions.UnderscoredNamingConvention.Instance)
        .IgnoreUnmatchedProperties()
        .Build()
        .Deserialize<Compose>(File.ReadAllText(InRepository("docker-compose.yml")))
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
