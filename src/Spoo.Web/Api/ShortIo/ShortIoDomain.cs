using Spoo.Data;



namespace Spoo.Web.Api.ShortIo;

/// <summary>An installation has one domain: its own. Short.io's ids of domains are numbers, and any of them means this one.</summary>
internal static class ShortIoDomain
{
    public static ApiProblem Unknown { get; } = ApiProblem.Of(new Refusal(RefusalKind.NotFound, "Domain not found"));

    /// <summary>Whether this is a number, or the host at which the caller found us.</summary>
    public static bool IsHere(string domainId, HttpRequest request) =>
        domainId.All(char.IsAsciiDigit)
        || string.Equals(domainId, request.Host.Host, StringComparison.OrdinalIgnoreCase)
        || string.Equals(domainId, request.Host.Value, StringComparison.OrdinalIgnoreCase);
}
