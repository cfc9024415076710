using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Spoo.Data.Database;

/// <summary>
/// Columns of ids, codes and hashes are of SQL Server's eight-bit type, and whatever they are compared with is made eight bits wide on
/// the way there: a full-width letter becomes the plain one, and blanks at the end are looked over. Then what a stranger asks for would find what
/// it is not. No id has any of those, so a question mark, which none has either, takes their place.
/// </summary>
internal sealed class SqlServerText : DbCommandInterceptor
{
    public override DbCommand CommandInitialized(CommandEndEventData eventData, DbCommand result)
    {
        foreach (DbParameter parameter in result.Parameters)
        {
            if (parameter is { DbType: DbType.AnsiString or DbType.AnsiStringFixedLength, Value: string text })
            {
                parameter.Value = Exact(text);
            }
        }

        return result;
    }

    /// <summary>The text, or one that equals no id.</summary>
    public static string Exact(string text) => text.All(char.IsAscii) && !text.EndsWith(' ')
        ? text
        : string.Create(text.Length, text, static (exact, text) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                exact[i] = char.IsAscii(text[i]) && text[i] != ' ' ? text[i] : '?';
            }
        });
}
