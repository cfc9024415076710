using Microsoft.AspNetCore.WebUtilities;

namespace Spoo.Web.Api;

internal static class QueryParameters
{
    /// <summary>
    /// The parameters of the query string in the order given, names as they were written. The framework's own collection takes
    /// <c>Browser</c> and <c>browser</c> for one name.
    /// </summary>
    public static IEnumerable<KeyValuePair<string, string>> Parameters(this HttpRequest request)
    {
        foreach (var pair in new QueryStringEnumerable(request.QueryString.Value))
        {
            yield return new(pair.DecodeName().ToString(), pair.DecodeValue().ToString());
        }
    }
}
