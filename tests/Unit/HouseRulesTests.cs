using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using NetArchTest.Rules;
using Spoo.Data.Database;

namespace Spoo.Tests;

/// <summary>
/// Which room may know which: the arrows of the house never turn round. What a type knows is read from its compiled code, method
/// bodies included, so that a full name in the middle of a method is an arrow like any other.
/// </summary>
public sealed class HouseRulesTests
{
    private static readonly Assembly Data = typeof(SpooDbContext).Assembly;
    private static readonly Assembly Web = typeof(Program).Assembly;

    private static readonly string[] Doorways = ["Spoo.Web.Components", "Spoo.Web.Api", "Spoo.Web.Export", "Spoo.Web.Redirect"];

    private static readonly string[] Projects = ["Spoo.Data", "Spoo.Web"];

    /// <summary>Each room, and the rooms that it must not know. A room is a namespace with all that is below it.</summary>
    public static TheoryData<string, string[]> Arrows => new()
    {
        // One way through the data: Stats, Clicks, Links, Webhooks, Accounts, Database; Transfer and Care above them all.
        { "Spoo.Data.Accounts", ["Spoo.Data.Alerts", "Spoo.Data.Webhooks", "Spoo.Data.Links", "Spoo.Data.Clicks", "Spoo.Data.Stats", "Spoo.Data.Transfer", "Spoo.Data.Care", "Spoo.Data.Demo"] },
        { "Spoo.Data.Webhooks", ["Spoo.Data.Alerts", "Spoo.Data.Links", "Spoo.Data.Clicks", "Spoo.Data.Stats", "Spoo.Data.Transfer", "Spoo.Data.Care", "Spoo.Data.Demo"] },
        { "Spoo.Data.Links", ["Spoo.Data.Alerts", "Spoo.Data.Clicks", "Spoo.Data.Stats", "Spoo.Data.Transfer", "Spoo.Data.Care", "Spoo.Data.Demo"] },
        { "Spoo.Data.Clicks", ["Spoo.Data.Alerts", "Spoo.Data.Stats", "Spoo.Data.Transfer", "Spoo.Data.Care", "Spoo.Data.Demo"] },
        { "Spoo.Data.Stats", ["Spoo.Data.Alerts", "Spoo.Data.Transfer", "Spoo.Data.Care", "Spoo.Data.Demo"] },
        { "Spoo.Data.Transfer", ["Spoo.Data.Alerts", "Spoo.Data.Care", "Spoo.Data.Demo"] },
        { "Spoo.Data.Alerts", ["Spoo.Data.Transfer", "Spoo.Data.Demo"] },
        { "Spoo.Data.Care", ["Spoo.Data.Demo"] },
        { "Spoo.Data.Database", ["Spoo.Data.Stats", "Spoo.Data.Transfer", "Spoo.Data.Care", "Spoo.Data.Demo"] },

        // Within the clicks: what a click is, how it is read, how it waits, how it is stored, who hears of it.
        { "Spoo.Data.Clicks.Facts", ["Spoo.Data.Clicks.Journal", "Spoo.Data.Clicks.Storing", "Spoo.Data.Clicks.News"] },
        { "Spoo.Data.Clicks.Reading", ["Spoo.Data.Clicks.Journal", "Spoo.Data.Clicks.Storing", "Spoo.Data.Clicks.News"] },
        { "Spoo.Data.Clicks.Journal", ["Spoo.Data.Clicks.Storing", "Spoo.Data.Clicks.News"] },

        // Within the statistics: a question knows no answer, and counting knows numbers only.
        { "Spoo.Data.Stats.Question", ["Spoo.Data.Stats.Report", "Spoo.Data.Stats.Live", "Spoo.Data.Stats.Counting"] },
        { "Spoo.Data.Stats.Report", ["Spoo.Data.Stats.Live", "Spoo.Data.Stats.Counting", "Spoo.Data.Stats.ClickHouse"] },
        { "Spoo.Data.Stats.Live", ["Spoo.Data.Stats.ClickHouse"] },
        {
            "Spoo.Data.Stats.Counting",
            ["Microsoft.EntityFrameworkCore", "Microsoft.Extensions", "Spoo.Data.Database", "Spoo.Data.Accounts", "Spoo.Data.Links", "Spoo.Data.Clicks", "Spoo.Data.Stats.Question", "Spoo.Data.Stats.Report", "Spoo.Data.Stats.Live"]
        },

        // Within counting: what clicks lie in does not know how it is gone through.
        {
            "Spoo.Data.Stats.Counting.Columns",
            ["Spoo.Data.Stats.Counting.Scan", "Spoo.Data.Stats.Counting.ScanPlan", "Spoo.Data.Stats.Counting.ScanChunk", "Spoo.Data.Stats.Counting.ScanWorker", "Spoo.Data.Stats.Counting.CodeList", "Spoo.Data.Stats.Counting.Tally"]
        },

        // The doorways do not know each other; the API and the pages may both export.
        { "Spoo.Web.Components", ["Spoo.Web.Api", "Spoo.Web.Redirect", "Spoo.Web.Commands"] },
        { "Spoo.Web.Api", ["Spoo.Web.Components", "Spoo.Web.Redirect", "Spoo.Web.Commands"] },
        { "Spoo.Web.Redirect", ["Spoo.Web.Components", "Spoo.Web.Api", "Spoo.Web.Export", "Spoo.Web.Commands"] },
        { "Spoo.Web.Export", ["Spoo.Web.Components", "Spoo.Web.Api", "Spoo.Web.Redirect", "Spoo.Web.Commands"] },
        { "Spoo.Web.Mail", ["Spoo.Web.Components", "Spoo.Web.Api", "Spoo.Web.Redirect", "Spoo.Web.Export", "Spoo.Web.Commands"] },

        // What every doorway stands on knows none of them.
        { "Spoo.Web.Identity", ["Spoo.Web.Components", "Spoo.Web.Api", "Spoo.Web.Redirect", "Spoo.Web.Export", "Spoo.Web.Commands"] },
        { "Spoo.Web.Limits", ["Spoo.Web.Components", "Spoo.Web.Api", "Spoo.Web.Redirect", "Spoo.Web.Export", "Spoo.Web.Commands", "Spoo.Web.Mail"] },
        { "Spoo.Web.Wire", ["Spoo.Web.Components", "Spoo.Web.Api", "Spoo.Web.Redirect", "Spoo.Web.Export", "Spoo.Web.Commands"] },
        { "Spoo.Web.Addresses", ["Spoo.Web.Components", "Spoo.Web.Api", "Spoo.Web.Redirect", "Spoo.Web.Export", "Spoo.Web.Commands", "Spoo.Web.Identity"] },
        { "Spoo.Web.Words", ["Spoo.Web.Components", "Spoo.Web.Api", "Spoo.Web.Redirect", "Spoo.Web.Export", "Spoo.Web.Commands", "Spoo.Web.Identity", "Spoo.Web.Addresses"] },

        // Among the pages: the report is shared, and knows neither of the pages that show it.
        { "Spoo.Web.Components.Shared", ["Spoo.Web.Components.Dashboard", "Spoo.Web.Components.Public", "Spoo.Web.Components.Links", "Spoo.Web.Components.Report", "Spoo.Web.Components.Keys"] },
        { "Spoo.Web.Components.Report", ["Spoo.Web.Components.Dashboard", "Spoo.Web.Components.Public", "Spoo.Web.Components.Links", "Spoo.Web.Components.Keys"] },
        { "Spoo.Web.Components.Public", ["Spoo.Web.Components.Dashboard", "Spoo.Web.Components.Links", "Spoo.Web.Components.Keys"] },
        { "Spoo.Web.Components.Links", ["Spoo.Web.Components.Dashboard", "Spoo.Web.Components.Public", "Spoo.Web.Components.Keys"] },
    };

    [Theory]
    [MemberData(nameof(Arrows))]
    public void An_arrow_never_turns_round(string room, string[] forbidden)
    {
        var inRoom = Types.InAssembly(room.StartsWith("Spoo.Data", StringComparison.Ordinal) ? Data : Web).That().ResideInNamespace(room);
        Assert.NotEmpty(inRoom.GetTypes());

        var result = inRoom.ShouldNot().HaveDependencyOnAny(forbidden).GetResult();

        Assert.True(result.IsSuccessful, $"{room} must not know {string.Join(", ", forbidden)}, but there is {string.Join(", ", result.FailingTypeNames ?? [])}");
    }

    /// <summary>A constant is copied when it is compiled, so only the source says where it is from.</summary>
    [Theory]
    [MemberData(nameof(Arrows))]
    public void No_source_names_a_room_that_it_must_not_know(string room, string[] forbidden)
    {
        var parts = room.Split('.');
        var project = $"{parts[0]}.{parts[1]}";
        var files = Directory.EnumerateFiles(SourceFolder(["src", project, .. parts[2..]]), "*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) || file.EndsWith(".razor", StringComparison.Ordinal))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}Migrations{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
        var names = new Regex($@"(?<![\w.])(?:{string.Join('|', forbidden.Select(Regex.Escape))})\b");

        Assert.Empty(files.SelectMany(file => names.Matches(File.ReadAllText(file)).Select(match => $"{file} names {match.Value}")));
    }

    [Fact]
    public void Data_knows_no_HTTP_and_no_components()
    {
        var result = Types.InAssembly(Data)
            .ShouldNot()
            .HaveDependencyOnAny("Microsoft.AspNetCore.Mvc", "Microsoft.AspNetCore.Components", "Microsoft.AspNetCore.Http", "MudBlazor", "Spoo.Web")
            .GetResult();

        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }

    [Fact]
    public void Pages_API_and_exports_ask_services_and_never_the_database()
    {
        foreach (var doorway in Doorways)
        {
            var result = Types.InAssembly(Web).That().ResideInNamespace(doorway)
                .ShouldNot()
                .HaveDependencyOnAny(typeof(SpooDbContext).FullName)
                .GetResult();

            Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
        }
    }

    [Fact]
    public void Every_room_has_its_file_where_its_namespace_says()
    {
        var homeless = Projects
            .SelectMany(project => Directory.EnumerateFiles(SourceFolder("src", project), "*.cs", SearchOption.AllDirectories)
                .Where(file => !IsGenerated(file))
                .Select(file => (File: file, Room: project + Path.GetDirectoryName(file)![SourceFolder("src", project).Length..].Replace(Path.DirectorySeparatorChar, '.'))))
            .Where(file => File.ReadLines(file.File).FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal)) is { } line
                && line["namespace ".Length..].TrimEnd(';', ' ') != file.Room)
            .Select(file => file.File);

        Assert.Empty(homeless);
    }

    /// <summary>A failure that is told by its type in one place only is taken for a fault of the page in the next, whose driver throws another.</summary>
    [Fact]
    public void Only_the_database_room_tells_its_failures_apart()
    {
        var telling = new Regex(@"(catch\s*\(\s*|\bis\s+(not\s+)?|\bor\s+)([\w.]+\.)?(DbException|SqliteException|SqlException|NpgsqlException|PostgresException)\b");
        var files = Sources()
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}Database{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(file => telling.IsMatch(File.ReadAllText(file)));

        // A backup is a file of SQLite's, whatever database the server has.
        Assert.Equal(["BackupArchive.cs"], files.Select(Path.GetFileName));
    }

    [Fact]
    public void Links_come_to_be_in_one_place()
    {
        var making = new Regex(@"new Link\s*[({]|\bLink\??> \w+\([^)]*\) => new\(|\bLink \w+\([^)]*\) => new\(|\bLink \w+ = new\(");
        var files = Sources().Where(file => making.IsMatch(File.ReadAllText(file)));

        Assert.Equal(["NewLinks.cs"], files.Select(Path.GetFileName));
    }

    [Fact]
    public void Only_one_file_says_ApexCharts_in_markup_and_one_in_script()
    {
        var files = Sources().Where(file => File.ReadAllText(file).Contains("apexcharts", StringComparison.OrdinalIgnoreCase));

        Assert.True(files.Count() <= 1, string.Join(", ", files));
    }

    private static IEnumerable<string> Sources() => Directory.EnumerateFiles(SourceFolder("src"), "*", SearchOption.AllDirectories)
        .Where(file => file.EndsWith(".razor", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal))
        .Where(file => !IsGenerated(file));

    internal static string SourceFolder(params string[] parts) => Path.Combine([Repository(), .. parts]);

    private static bool IsGenerated(string file) =>
        file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
        || file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal);

    private static string Repository([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
