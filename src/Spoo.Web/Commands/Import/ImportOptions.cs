using System.CommandLine;
using System.CommandLine.Parsing;
using Spoo.Data.Database;
using Spoo.Data.Stats.Question;
using Spoo.Data.Transfer;

namespace Spoo.Web.Commands.Import;

/// <summary>What people say about files of both kinds, and the files themselves.</summary>
internal static class ImportOptions
{
    public const string StandardInput = "-";

    public static Option<KeyValuePair<string, string?>[]> MapOption(string example, Func<string, bool> isField, string fields) => new("--map")
    {
        Description = $"The field of a column whose name does not tell it, such as {example}; COLUMN=- leaves one out",
        HelpName = "COLUMN=FIELD",
        CustomParser = result => [.. result.Tokens.Select(token => Mapped(result, token.Value, example, isField, fields)).OfType<KeyValuePair<string, string?>>()],
    };

    public static Option<DateOrder?> DatesOption() => new("--dates")
    {
        Description = "dmy or mdy: whether the day or the month comes first in dates such as 03/04/2026",
        HelpName = "ORDER",
        CustomParser = result => result.Tokens[0].Value.ToLowerInvariant() switch
        {
            "dmy" => DateOrder.DayMonth,
            "mdy" => DateOrder.MonthDay,
            _ => RefuseValue<DateOrder>(result, $"unknown order of dates '{result.Tokens[0].Value}': there are dmy and mdy"),
        },
    };

    public static Option<TimeZoneInfo?> ZoneOption() => new("--zone")
    {
        Description = "The zone of times that name none [default: UTC]",
        HelpName = "ZONE",
        CustomParser = result => TimeZones.Find(result.Tokens[0].Value)
            ?? Refuse<TimeZoneInfo>(result, $"unknown zone '{result.Tokens[0].Value}': zones are called as in Europe/Berlin"),
    };

    private static KeyValuePair<string, string?>? Mapped(ArgumentResult result, string text, string example, Func<string, bool> isField, string fields)
    {
        // A column's name may have an equals sign, a field's has none.
        var equals = text.LastIndexOf('=');
        var field = equals < 0 ? "" : text[(equals + 1)..].Trim();
        if (equals > 0 && (field == "-" || isField(field)))
        {
            return new(text[..equals].Trim(), field == "-" ? null : field);
        }

        result.AddError(equals > 0
            ? $"unknown field '{field}' in --map: {fields}"
            : $"--map takes COLUMN=FIELD, such as {example}, and not '{text}'");
        return null;
    }

    // Said twice of a column, the last one counts.
    public static Dictionary<string, string?> Mapping(KeyValuePair<string, string?>[]? said) =>
        (said ?? []).GroupBy(entry => entry.Key).ToDictionary(entry => entry.Key, entry => entry.Last().Value);

    public static T? Refuse<T>(ArgumentResult result, string why)
        where T : class
    {
        result.AddError(why);
        return null;
    }

    public static T? RefuseValue<T>(ArgumentResult result, string why)
        where T : struct
    {
        result.AddError(why);
        return null;
    }

    public static string NameOf(string file) => file == StandardInput ? "standard input" : Path.GetFileName(file);

    public static Stream Open(string name)
    {
        if (name == StandardInput)
        {
            return Console.OpenStandardInput();
        }

        if (Directory.Exists(name))
        {
            throw new SettingException($"'{name}' is a folder: import its files one by one, or as a ZIP archive");
        }

        try
        {
            return new FileStream(name, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"cannot read '{name}': {exception.Message}", exception);
        }
    }
}
