using System.Text;

namespace Spoo.Data.Clicks.Reading.Rules;

/// <summary>The lists of others that this folder holds; each has a note of its origin and its licence beside it.</summary>
internal static class RuleFile
{
    public static StreamReader Open(string name) => new(
        typeof(RuleFile).Assembly.GetManifestResourceStream($"Rules/{name}") ?? throw new FileNotFoundException($"The list '{name}' was not built in.", name),
        Encoding.UTF8);
}
