using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Spoo.Data;
using Spoo.Data.Database;
using Spoo.Web;
using Xunit;

namespace Spoo.Tests;

/// <summary>A setting that is misspelt is found at the start, wherever it is said.</summary>
public sealed partial class KnownSettingsTests : IDisposable
{
    private const string End = "; docs/operations.md lists the settings";

    private readonly string _folder = Directory.CreateTempSubdirectory("spoo-settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("Stats:MaxRangeDay", "unknown setting 'Stats:MaxRangeDay' on the command line, and perhaps 'Stats:MaxRangeDays' was meant")]
    [InlineData("Stats:Typo", "unknown setting 'Stats:Typo' on the command line: Stats has Engine, MaxRangeDays, MemoryMegabytes, ClickHouse")]
    [InlineData("stast:engine", "unknown setting 'stast:engine' on the command line, and perhaps 'Stats:Engine' was meant")]
    [InlineData("Stats:AllowAnonymous", "unknown setting 'Stats:AllowAnonymous' on the command line, and perhaps 'Links:AllowAnonymous' was meant")]
    [InlineData("Other:Thing", "unknown setting 'Other:Thing' on the command line")]
    [InlineData("Stats:MaxRangeDays:0", "unknown setting 'Stats:MaxRangeDays:0' on the command line")]
    [InlineData("Accounts:Providers:staff:Authorty", "unknown setting 'Accounts:Providers:staff:Authorty' on the command line, and perhaps 'Accounts:Providers:staff:Authority' was meant")]
    [InlineData("Apps:mine:RedirectUri:0", "unknown setting 'Apps:mine:RedirectUri:0' on the command line, and perhaps 'Apps:mine:RedirectUris:0' was meant")]
    [InlineData("RateLimits:Other:stats", "unknown setting 'RateLimits:Other:stats' on the command line, and perhaps 'RateLimits:Others:stats' was meant")]
    [InlineData("Links:OtherHosts:0", "unknown setting 'Links:OtherHosts:0' on the command line: Links has PublicUrl, AllowAnonymous, ")]
    [InlineData("Proxies:Known", "Proxies:Known on the command line is a list, of which each entry is a setting of its own: Proxies:Known:0, Proxies:Known:1")]
    [InlineData("Stats:ClickHouse", "Stats:ClickHouse on the command line is a section and has no value of its own; it has ConnectionString, Shards, ")]
    public void An_unknown_name_on_the_command_line_is_refused_with_what_was_meant(string name, string fault)
    {
        var refused = Assert.Throws<SettingException>(() => Startup.CreateBuilder(["--data", _folder, "--" + name, "1"]));

        Assert.StartsWith(fault, refused.Message, StringComparison.Ordinal);
        Assert.EndsWith(End, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("urls", "http://256.1.1.1:21000", "'http://256.1.1.1:21000' cannot be listened at: 256.1.1.1 is no address")]
    [InlineData("urls", "http://localhost:5080;http://127.0.0.1:99999", "'http://127.0.0.1:99999' has no port that there is: they go from 1 to 65535")]
    [InlineData("http_ports", "80;abc", "http_ports cannot be 'abc': ports go from 1 to 65535")]
    [InlineData("http_ports", "70000", "http_ports cannot be '70000': ports go from 1 to 65535")]
    [InlineData("urls", "http://127.0.0.1:0;http://[::1]:5080;http://*:80;http://sp.example:5080;http://unix:/tmp/spoo.sock;https://+", null)]
    [InlineData("http_ports", "5080", null)]
    public void What_would_be_listened_at_elsewhere_is_refused(string name, string value, string? fault)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(name, (string?)value)]).Build();

        Assert.Equal(fault, Record.Exception(() => ListeningUrls.RefuseOthers(settings))?.Message);
    }

    [Fact]
    public void Every_unknown_name_of_the_file_is_refused_at_once()
    {
        File.WriteAllText(Path.Combine(_folder, "spoo.json"), """
            {
              "Stats": { "Engin": "Columns", "memorymegabytes": 512 }, "Mail": "none", "Proxies": { "Known": [] }, "Colour": "blue",
              "Logging": { "LogLevel": { "Default": "Debug" } }, "Kestrel": { "Endpoints": {} }, "AllowedHosts": "*"
            }
            """);

        var refused = Assert.Throws<SettingException>(() => Startup.CreateBuilder(["--data", _folder]));

        Assert.Equal(
            "unknown setting 'Colour' in spoo.json; Mail in spoo.json is a section and has no value of its own; it has Host, Port, Security, User, Password, From; "
            + "unknown setting 'Stats:Engin' in spoo.json, and perhaps 'Stats:Engine' was meant" + End,
            refused.Message);
    }

    [Fact]
    public void Files_of_secrets_are_other_programs_too_but_for_our_sections()
    {
        var secrets = Path.Combine(_folder, "secrets");
        Directory.CreateDirectory(secrets);
        File.WriteAllText(Path.Combine(secrets, "theirs__Password"), "x");
        File.WriteAllText(Path.Combine(secrets, "MAIL"), "x");
        string[] args = ["--data", _folder, "--Secrets:Folder", secrets];
        Startup.CreateBuilder(args);

        File.WriteAllText(Path.Combine(secrets, "Data__Pasword"), "x");

        Assert.Equal(
            "unknown setting 'Data:Pasword' in the folder that Secrets:Folder names, and perhaps 'Data:Password' was meant" + End,
            Assert.Throws<SettingException>(() => Startup.CreateBuilder(args)).Message);
    }

    [Fact]
    public void The_sections_are_all_there_are()
    {
        var sections = new[] { typeof(DataOptions).Assembly, typeof(Startup).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Select(type => type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string)
            .OfType<string>();

        Assert.Equal(sections.Distinct().Order(), KnownSettings.Sections.Select(one => one.Section.Replace(":*", "", StringComparison.Ordinal)).Distinct().Order());
    }

    [Fact]
    public void Every_setting_that_the_documents_name_is_one()
    {
        var pages = Directory.GetFiles(Path.Combine(Root(), "docs"), "*.md").Append(Path.Combine(Root(), "README.md")).Select(File.ReadAllText);
        var names = pages.SelectMany(page => Named().Matches(page)).Select(match => match.Groups["name"].Value).Where(name => !name.EndsWith(':')).ToHashSet();

        var refused = names.Where(name => Fault(name) is not null).ToList();

        Assert.InRange(names.Count, 60, 1000);
        Assert.Empty(refused);

        string? Fault(string name)
        {
            try
            {
                KnownSettings.RefuseOthers(new ConfigurationBuilder().AddCommandLine(["--" + name, ""]).Build());
                return null;
            }
            catch (SettingException refusal)
            {
                return refusal.Message;
            }
        }
    }

    private static string Root([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..");

    [GeneratedRegex("`(?<name>(Data|Secrets|Stats|Links|Alerts|Webhooks|Domains|Accounts|Quotas|Mail|Apps|RateLimits|Clicks|Proxies|Server|PublicPages|Metrics|Places)(:[A-Za-z0-9]+)+)[`=]")]
    private static partial Regex Named();
}
