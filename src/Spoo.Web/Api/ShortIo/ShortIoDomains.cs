using System.Globalization;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Links.Domains;
using Spoo.Web.Addresses;
using Spoo.Web.Api.Links;

namespace Spoo.Web.Api.ShortIo;

/// <summary>
/// Short.io's ids of domains are numbers. The installation's own domain is 1, and so is every number that is no other domain's, for scripts
/// that still have the number which their domain had at Short.io.
/// </summary>
public sealed class ShortIoDomains(DomainService domains, ShorteningOptions options)
{
    public const long OwnId = 1;

    internal static ApiProblem Unknown { get; } = ApiProblem.Of(new Refusal(RefusalKind.NotFound, "Domain not found"));

    public static long IdOf(Link link) => IdOf(link.DomainId);

    /// <param name="domainId">The key of a domain, or that of the installation's own.</param>
    public static long IdOf(long domainId) => OwnId + domainId;

    /// <summary>Which domain a program means by a number or a host.</summary>
    /// <returns>The host; null: the installation's own. And whether there is such a domain.</returns>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<(string? Host, bool IsThere)> FindAsync(string domainId, Viewer viewer, HttpRequest request, CancellationToken cancellationToken)
    {
        var isNumber = domainId.Length > 0 && domainId.All(char.IsAsciiDigit);
        if (!isNumber && OwnDomain.OtherIn(domainId, request, options) is null)
        {
            return (null, true);
        }

        var usable = await domains.UsableAsync(viewer, cancellationToken);
        var domain = isNumber
            ? usable.FirstOrDefault(domain => IdOf(domain.Id).ToString(CultureInfo.InvariantCulture) == domainId)
            : usable.FirstOrDefault(domain => domain.Host == OwnDomain.OtherIn(domainId, request, options));
        return (domain?.Host, isNumber || domain is not null);
    }

    /// <summary>All on which the viewer may put links, beside the installation's own.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public Task<IReadOnlyList<Domain>> OthersAsync(Viewer viewer, CancellationToken cancellationToken) => domains.UsableAsync(viewer, cancellationToken);
}
