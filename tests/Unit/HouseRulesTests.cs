using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Components;
using Spoo.Data.Database;
using Xunit;

namespace Spoo.Tests;

/// <summary>Which room may know which: the arrows of the house never turn round.</summary>
public sealed class HouseRulesTests
{
    private static readonly Assembly Data = typeof(SpooDbContext).Assembly;
    private static readonly Assembly Web = typeof(Program).Assembly;

    [Fact]
    public void Data_knows_no_HTTP_and_no_components()
    {
        var known = Data.GetReferencedAssemblies().Select(assembly => assembly.Name!).ToList();

        Assert.DoesNotContain(known, name => name.StartsWith("Microsoft.AspNetCore.Mvc", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.AspNetCore.Components", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.AspNetCore.Http", StringComparison.Ordinal)
            || name.StartsWith("Radzen", StringComparison.Ordinal));
    }

    [Fact]
    public void Pages_and_API_ask_services_and_never_the_database()
    {
        var doorways = Web.GetTypes().Where(type =>
            IsIn(type, "Spoo.Web.Components") || IsIn(type, "Spoo.Web.Api") || IsIn(type, "Spoo.Web.Export"));

        var offenders = doorways.Where(type => TypesMentionedBy(type).Any(mentioned =>
            mentioned.IsAssignableTo(typeof(SpooDbContext))
            || (mentioned.IsGenericType && mentioned.GetGenericArguments().Any(argument => argument.IsAssignableTo(typeof(SpooDbContext))))));

        Assert.Empty(offenders.Select(type => type.FullName));
    }

    [Fact]
    public void Pages_and_API_do_not_know_each_other()
    {
        var pages = Web.GetTypes().Where(type => type.IsAssignableTo(typeof(IComponent)));

        Assert.Empty(pages.Where(page => TypesMentionedBy(page).Any(type => IsIn(type, "Spoo.Web.Api"))).Select(page => page.FullName));
    }

    [Fact]
    public void Counting_is_arithmetic_on_arrays()
    {
        var source = SourceFolder("src", "Spoo.Data", "Stats", "Counting");
        var usings = Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => File.ReadLines(file).Select(line => (File: Path.GetFileName(file), Line: line.Trim())))
            .Where(line => line.Line.StartsWith("using ", StringComparison.Ordinal));

        Assert.DoesNotContain(usings, line => line.Line.Contains("EntityFrameworkCore", StringComparison.Ordinal)
            || line.Line.Contains("Microsoft.Extensions", StringComparison.Ordinal)
            || line.Line.Contains("Spoo.Data.Links", StringComparison.Ordinal)
            || line.Line.Contains("Spoo.Data.Accounts", StringComparison.Ordinal));
    }

    [Fact]
    public void Only_one_file_says_ApexCharts_in_markup_and_one_in_script()
    {
        var files = Directory.EnumerateFiles(SourceFolder("src", "Spoo.Web"), "*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".razor", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(file => File.ReadAllText(file).Contains("apexcharts", StringComparison.OrdinalIgnoreCase));

        Assert.True(files.Count() <= 1, string.Join(", ", files));
    }

    private static bool IsIn(Type type, string room) =>
        type.Namespace is { } name && (name == room || name.StartsWith(room + ".", StringComparison.Ordinal));

    private static IEnumerable<Type> TypesMentionedBy(Type type)
    {
        const BindingFlags Everything =
            BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        return type.GetFields(Everything).Select(field => field.FieldType)
            .Concat(type.GetProperties(Everything).Select(property => property.PropertyType))
            .Concat(type.GetConstructors(Everything).SelectMany(constructor => constructor.GetParameters()).Select(parameter => parameter.ParameterType))
            .Concat(type.GetMethods(Everything).SelectMany(method => method.GetParameters()).Select(parameter => parameter.ParameterType));
    }

    internal static string SourceFolder(params string[] parts) => Path.Combine([Repository(), .. parts]);

    private static string Repository([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
