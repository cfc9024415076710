using Spoo.Data.Links;
using Spoo.Data.Links.Domains;

namespace Spoo.Web.Addresses;

/// <summary>The domain of the installation itself, by the names that programs have for it.</summary>
internal static class OwnDomain
{
    /// <summary>Whether this text names the own domain: with a port or without, in any case, with a dot at its end or <c>www.</c> before it.</summary>
    public static bool Is(string domain, HttpRequest request, ShorteningOptions options) => DomainHosts.IsOwn(domain, options.OwnHosts().Append(request.Host.Host));

    /// <summary>The name under which it is told.</summary>
    public static string NameOf(HttpRequest request, ShorteningOptions options) => new Uri(SpooUrls.Origin(request, options)).Host;

    /// <summary>The domain of a link, for people and programs.</summary>
    public static string Of(Link link, HttpRequest request, ShorteningOptions options) => link.DomainHost ?? NameOf(request, options);

    /// <summary>The host of another domain that this text names. Null: it is the own one.</summary>
    public static string? OtherIn(string? domain, HttpRequest request, ShorteningOptions options) =>
        string.IsNullOrWhiteSpace(domain) || Is(domain, request, options) ? null : DomainHosts.Parse(domain) ?? domain.Trim().ToLowerInvariant();
}
