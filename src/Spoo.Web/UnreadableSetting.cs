using System.Text.RegularExpressions;
using Spoo.Data;

namespace Spoo.Web;

/// <summary>A setting with a value that is none of its kind, in words: which one, what it says, and what would be right.</summary>
internal static partial class UnreadableSetting
{
    /// <param name="message">What the framework says of it, with the name of a type of ours.</param>
    /// <returns>Null: it is about something else.</returns>
    public static string? InWords(string message) => Message().Match(message) is { Success: true } said
        ? $"{said.Groups["path"].Value} cannot be '{said.Groups["value"].Value}': {Right(said.Groups["type"].Value)} would be right"
        : null;

    private static string Right(string type) => (typeof(DataOptions).Assembly.GetType(type) ?? typeof(UnreadableSetting).Assembly.GetType(type)) is { IsEnum: true } choices
        ? Either(Enum.GetNames(choices))
        : type switch
        {
            "System.Boolean" => "true or false",
            "System.TimeSpan" => "a time such as 00:05:00",
            "System.Double" or "System.Single" or "System.Decimal" => "a number",
            _ when type.StartsWith("System.Int", StringComparison.Ordinal) => "a whole number",
            _ => "a value of another kind",
        };

    private static string Either(string[] names) => names.Length == 1 ? names[0] : $"{string.Join(", ", names[..^1])} or {names[^1]}";

    [GeneratedRegex(@"^Failed to convert configuration value(?: '(?<value>.*)')? at '(?<path>[^']+)' to type '(?:System\.Nullable`1\[)?(?<type>[^'\[\],]+)", RegexOptions.Singleline)]
    private static partial Regex Message();
}
