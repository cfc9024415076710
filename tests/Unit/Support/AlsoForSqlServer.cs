using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Storage;
using Spoo.Data.Database;

namespace Spoo.Tests.Support;

/// <summary>
/// Translates every question that the product asks through Entity Framework, in whichever test and of whichever database, for SQL Server as
/// well, and has its parser read what comes out. So a question that SQL Server would not understand fails the test that asked it.
/// </summary>
internal sealed class AlsoForSqlServer : IQueryExpressionInterceptor
{
    /// <summary>One for all: Entity Framework keeps what it has translated with the interceptors that it was translated for.</summary>
    public static readonly AlsoForSqlServer Instance = new();

    private static readonly ConcurrentDictionary<string, byte> Seen = new(StringComparer.Ordinal);

    /// <summary>What has been read so far, in this process.</summary>
    public static ICollection<string> Texts => Seen.Keys;

    public Expression QueryCompilationStarting(Expression queryExpression, QueryExpressionEventData eventData)
    {
        if (eventData.Context is SpooDbContext and not SqlServerSpooDbContext)
        {
            foreach (var text in Translated(queryExpression))
            {
                if (Seen.TryAdd(text, 0) && TransactSqlReader.FaultsOf(text) is { Count: > 0 } faults)
                {
                    throw new InvalidOperationException($"SQL Server would not understand this: {string.Join("; ", faults)}\n{text}");
                }
            }
        }

        return queryExpression;
    }

    private static IReadOnlyList<string> Translated(Expression query)
    {
        var server = new UnsentSqlServer();
        using var context = server.Open();
        var moved = new Moved(context.Model);
        query = moved.Visit(query);
        if (moved.HasOwnText)
        {
            // What is said in another database's words is said in SQL Server's elsewhere.
            return [];
        }

        var rows = query.Type.GetInterfaces().Append(query.Type).FirstOrDefault(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IQueryable<>));
        var answer = rows is null ? query.Type : typeof(IEnumerable<>).MakeGenericType(rows.GetGenericArguments());
        var ask = (Action<QueryContext>)Translate.MakeGenericMethod(answer).Invoke(null, [context, query])!;

        // What is null is asked about in other words.
        Ask(parameter => SampleOf(parameter.Type));
        Ask(parameter => parameter.Type == typeof(string) || Nullable.GetUnderlyingType(parameter.Type) is not null ? null : SampleOf(parameter.Type));
        return server.Texts;

        void Ask(Func<QueryParameterExpression, object?> valueOf)
        {
            var asking = context.GetService<IQueryContextFactory>().Create();
            foreach (var parameter in moved.Parameters)
            {
                asking.Parameters[parameter.Name] = valueOf(parameter);
            }

            try
            {
                ask(asking);
            }
            catch (Exception) when (server.Texts.Count > 0)
            {
                // It has been asked; one row may have been wanted, and there are none.
            }
        }
    }

    private static readonly MethodInfo Translate = typeof(AlsoForSqlServer).GetMethod(nameof(TranslateTo), BindingFlags.NonPublic | BindingFlags.Static)!;

    private static Action<QueryContext> TranslateTo<T>(SqlServerSpooDbContext context, Expression query)
    {
        var ask = context.GetService<IDatabase>().CompileQuery<T>(query, async: false);
        return asking =>
        {
            foreach (var _ in ask(asking) is IEnumerable rows and not string ? rows : Array.Empty<object>())
            {
            }
        };
    }

    private static object? SampleOf(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
        {
            return "x";
        }

        if (type == typeof(int) || type == typeof(long))
        {
            // Nothing is left to ask about no rows at all.
            return Convert.ChangeType(1, type, CultureInfo.InvariantCulture);
        }

        if (type.IsValueType)
        {
            return Activator.CreateInstance(type);
        }

        if (type == typeof(byte[]))
        {
            return Array.Empty<byte>();
        }

        var element = type.IsArray ? type.GetElementType() : type.GetInterfaces().Append(type)
            .FirstOrDefault(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0];
        if (element is null)
        {
            return null;
        }

        var samples = Array.CreateInstance(element, 3);
        for (var i = 0; i < samples.Length; i++)
        {
            samples.SetValue(SampleOf(element), i);
        }

        return samples;
    }

    /// <summary>Asks the same of SQL Server's model.</summary>
    private sealed class Moved(IModel model) : ExpressionVisitor
    {
        public List<QueryParameterExpression> Parameters { get; } = [];

        public bool HasOwnText { get; private set; }

        protected override Expression VisitExtension(Expression node)
        {
            switch (node)
            {
                case EntityQueryRootExpression root when root.GetType() == typeof(EntityQueryRootExpression):
                    return new EntityQueryRootExpression(model.FindEntityType(root.EntityType.Name)!);
                case QueryParameterExpression parameter:
                    Parameters.Add(parameter);
                    return node;
                case QueryRootExpression:
                    HasOwnText = true;
                    return node;
                default:
                    return base.VisitExtension(node);
            }
        }
    }
}
