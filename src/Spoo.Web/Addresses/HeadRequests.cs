namespace Spoo.Web.Addresses;

/// <summary>Link checkers and monitors ask for the headers of a page or picture alone.</summary>
internal static class HeadRequests
{
    /// <summary>What is answered to GET is answered to HEAD; the server leaves the body away by itself.</summary>
    public static TBuilder AnswerHead<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoints.Finally(AddHead);
        return endpoints;
    }

    /// <summary>For what a library answers whatever the method: it is for reading alone.</summary>
    public static TBuilder OnlyToBeRead<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder =>
        endpoints.WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));

    private static void AddHead(EndpointBuilder endpoint)
    {
        if (endpoint.Metadata.OfType<HttpMethodMetadata>().LastOrDefault() is { } methods
            && methods.HttpMethods.Contains(HttpMethods.Get) && !methods.HttpMethods.Contains(HttpMethods.Head))
        {
            endpoint.Metadata.Remove(methods);
            endpoint.Metadata.Add(new HttpMethodMetadata([.. methods.HttpMethods, HttpMethods.Head]));
        }
    }
}
