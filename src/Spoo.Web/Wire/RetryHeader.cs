using System.Globalization;
using Spoo.Data.Database;

namespace Spoo.Web.Wire;

/// <summary>The header <c>Retry-After</c>, in whole seconds.</summary>
internal static class RetryHeader
{
    /// <summary>Of everything that the database should have answered.</summary>
    public static string Store { get; } = Of(StoreFailure.RetryAfter);

    public static string Of(TimeSpan wait) => ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
