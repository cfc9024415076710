using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;

namespace Spoo.Data.Database;

/// <summary>Questions about rows of which hundreds of keys are known.</summary>
internal static class ManyKeys
{
    /// <summary>The rows that have one of these numbers.</summary>
    /// <remarks>
    /// To SQLite they go as one parameter, in JSON. As many parameters they take it a time that grows with the square of their number, 4 ms for a thousand, because it looks for the name of each among
    /// all. Texts cannot go like that: on SQL Server, for which every question is translated as well, a text out of JSON has not the collation of its column.
    /// </remarks>
    public static IQueryable<T> WithAny<T>(this IQueryable<T> rows, SpooDbContext context, Expression<Func<T, long>> key, List<long> keys)
    {
        Expression<Func<long, bool>> isOne = context.Database.IsSqlite() ? value => EF.Parameter(keys).Contains(value) : value => keys.Contains(value);
        return rows.Where(Expression.Lambda<Func<T, bool>>(ReplacingExpressionVisitor.Replace(isOne.Parameters[0], key.Body, isOne.Body), key.Parameters));
    }
}
