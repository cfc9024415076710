using System.Collections.Frozen;
using System.Net;
using Spoo.Data.Links;
using Spoo.Data.Links.Domains;

namespace Spoo.Web.Addresses;

/// <summary>Which domain a request came to, by the host it names.</summary>
internal sealed class HostDoor(KnownDomains domains, DomainOptions domainOptions, ShorteningOptions options)
{
    private const string Localhost = "localhost";

    private readonly FrozenSet<string> _own = OwnHosts(options);

    /// <summary>Whether no request has to be looked at: all are for the installation's own domain.</summary>
    public bool IsOnlyOne => domains.IsLoaded && !domains.HasSome && domainOptions.UnknownHosts == UnknownHosts.Serve;

    public bool IsLoaded => domains.IsLoaded;

    /// <summary>The other domain that a request came to. Null: it came to the installation's own, or to none.</summary>
    public KnownDomain? DomainOf(HttpRequest request) => domains.HasSome ? domains.Find(request.Host.Host) : null;

    /// <summary>Whether nothing is at the host that a request names.</summary>
    public bool IsUnknown(HttpRequest request) =>
        domainOptions.UnknownHosts == UnknownHosts.NotFound
        && request.Host.Host is { Length: > 0 } host
        && !_own.Contains(host)
        && !(DomainHosts.Parse(host) is { } name && _own.Contains(name))
        && !host.Equals(Localhost, StringComparison.OrdinalIgnoreCase)
        && !IPAddress.TryParse(host.Trim('[', ']'), out _)
        && domains.Find(host) is null;

    /// <summary>Before the first answer of the database, waits for one.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public Task EnsureLoadedAsync(CancellationToken cancellationToken) => domains.EnsureLoadedAsync(cancellationToken);

    /// <summary>Whether the settings say that this host is the installation's own.</summary>
    public static bool IsNamed(string host, ShorteningOptions options) =>
        DomainHosts.Parse(host) is { } name && OwnHosts(options).Contains(name);

    private static FrozenSet<string> OwnHosts(ShorteningOptions options) =>
        options.OtherHosts.Append(options.PublicUrl is { } url ? new Uri(url).Host : null).Select(DomainHosts.Parse).OfType<string>().ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
