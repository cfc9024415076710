using System.Data.Common;
using System.Text;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Spoo.Data.Database;

/// <summary>
/// PostgreSQL has no text with the character 0 or half a character in it, and fails when it is asked about one, such as what a stranger
/// searches for. Nothing that is stored has it, so the character that stands for what cannot be shown takes its place.
/// </summary>
internal sealed class PostgreSqlText : DbCommandInterceptor
{
    public override DbCommand CommandInitialized(CommandEndEventData eventData, DbCommand result)
    {
        foreach (DbParameter parameter in result.Parameters)
        {
            if (parameter.Value is string text && text.Any(c => c == '\0' || char.IsSurrogate(c)))
            {
                parameter.Value = Storable(text);
            }
        }

        return result;
    }

    private static string Storable(string text)
    {
        var storable = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            storable.Append((rune.Value == 0 ? Rune.ReplacementChar : rune).ToString());
        }

        return storable.ToString();
    }
}
