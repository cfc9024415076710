using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Spoo.Web.Commands;

/// <summary>What is wrong with a command line, for people, and which word was probably meant.</summary>
internal static class WrongWords
{
    /// <summary>Refuses an empty text, as a script gives where a variable of its own is not set.</summary>
    public static Argument<T> NotEmpty<T>(this Argument<T> argument)
    {
        argument.Validators.Add(result => Refuse(result, argument.Name));
        return argument;
    }

    /// <inheritdoc cref="NotEmpty{T}(Argument{T})"/>
    public static Option<T> NotEmpty<T>(this Option<T> option)
    {
        option.Validators.Add(result => Refuse(result, option.Name));
        return option;
    }

    /// <summary>Refuses a number of which nothing could come.</summary>
    public static Option<int> AtLeastOne(this Option<int> option)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }, ..] && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number < 1)
            {
                result.AddError($"{option.Name} must be 1 or more");
            }
        });
        return option;
    }

    /// <summary>What to say of the first error of a command line.</summary>
    public static string Of(ParseResult parsed, ParseError error)
    {
        if (parsed.UnmatchedTokens is [var unknown, ..])
        {
            var command = parsed.CommandResult.Command;
            var names = command.Subcommands.Select(known => known.Name).Concat(Options(parsed.CommandResult));
            return $"unknown command or option '{unknown}'{Perhaps(Nearest(unknown, names))}";
        }

        if (parsed.CommandResult.Command is { Action: null, Subcommands: { Count: > 0 } below })
        {
            return $"say what to do: {string.Join(", ", below.Select(command => command.Name))}";
        }

        // Of what is read as another type than text there are only whole numbers.
        var name = error.SymbolResult switch
        {
            OptionResult { Option: var option } => option.Name,
            ArgumentResult { Parent: OptionResult { Option: var option } } => option.Name,
            ArgumentResult { Argument: var argument } => argument.Name,
            _ => "",
        };
        return error.Message.Contains("expected type", StringComparison.Ordinal) && error.SymbolResult is { Tokens: [{ Value: var value }, ..] }
            ? $"{name} takes a whole number and not '{value}'"
            : error.Message.TrimEnd('.');
    }

    /// <summary>The name that is one or two letters away. Null: none is, or it could be many.</summary>
    public static string? Nearest(string text, IEnumerable<string> names)
    {
        var found = names.Select(name => (Name: name, Distance: Distance(text.ToUpperInvariant(), name.ToUpperInvariant()))).OrderBy(name => name.Distance).FirstOrDefault();
        return found.Name is not null && found.Distance <= Math.Min(2, text.TrimStart('-').Length / 3) ? found.Name : null;
    }

    /// <summary>The end of a sentence about an unknown word: what was probably meant, if that can be said.</summary>
    public static string Perhaps(string? near) => near is null ? "" : $", and perhaps '{near}' was meant";

    private static IEnumerable<string> Options(CommandResult command)
    {
        for (SymbolResult? result = command; result is not null; result = result.Parent)
        {
            foreach (var option in ((CommandResult)result).Command.Options.Where(option => option.Recursive || result == command))
            {
                yield return option.Name;
            }
        }
    }

    private static void Refuse(SymbolResult result, string name)
    {
        if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
        {
            result.AddError($"{name} is empty");
        }
    }

    // Letters that are missing, too many or others; two that changed places are one.
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }

                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[a.Length, b.Length];
    }
}
