using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Spoo.Data.Links.Domains;

namespace Spoo.Web.Addresses;

/// <summary>Lets the hosts of active domains pass where the setting <c>AllowedHosts</c> names those that may, as they come and go.</summary>
internal sealed class AllowedDomains(KnownDomains domains) : IOptionsChangeTokenSource<HostFilteringOptions>, IPostConfigureOptions<HostFilteringOptions>
{
    private const string All = "*";

    public string Name => Options.DefaultName;

    public IChangeToken GetChangeToken() => domains.ChangeToken;

    public void PostConfigure(string? name, HostFilteringOptions options)
    {
        if (options.AllowedHosts is { Count: > 0 } hosts && !hosts.Contains(All))
        {
            options.AllowedHosts = [.. hosts, .. domains.All.Select(domain => domain.Host)];
        }
    }
}
