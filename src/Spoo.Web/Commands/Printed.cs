using System.CommandLine;
using System.Text.Json;
using Spoo.Web.Wire;

namespace Spoo.Web.Commands;

/// <summary>What a command answers: lines for people, or with <c>--json</c> one document for programs.</summary>
internal static class Printed
{
    private static readonly JsonSerializerOptions Options = new(ApiJson.Options) { WriteIndented = true };

    public static Option<bool> Json { get; } = new("--json") { Description = "Answers with JSON, for programs", Recursive = true };

    /// <returns>The exit code.</returns>
    public static int Write<T>(ParseResult parsed, T answer, Func<T, IEnumerable<string>> lines)
    {
        if (parsed.GetValue(Json))
        {
            Console.WriteLine(JsonSerializer.Serialize(answer, Options));
            return 0;
        }

        foreach (var line in lines(answer))
        {
            Console.WriteLine(line);
        }

        return 0;
    }
}
