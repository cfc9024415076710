using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Database;
using Spoo.Web.Addresses;
using IPNetwork = System.Net.IPNetwork;

namespace Spoo.Web.Identity;

/// <summary>Settings of the section <c>Proxies</c>: who may speak for a visitor.</summary>
internal sealed class ProxyOptions
{
    public const string Section = "Proxies";

    /// <summary>
    /// Addresses (<c>10.0.0.7</c>) and networks (<c>10.0.0.0/8</c>) of the proxies in front of this server. What anybody else says in
    /// forwarding headers is not believed. None by default.
    /// </summary>
    public string[] Known { get; set; } = [];

    /// <summary>In which header they put the visitor's address; behind Cloudflare, <c>CF-Connecting-IP</c>.</summary>
    public string AddressHeader { get; set; } = "X-Forwarded-For";

    /// <summary>In which header they put the path that they took from the front of each request. A proxy that does not set it must not pass it on either.</summary>
    public string PrefixHeader { get; set; } = "X-Forwarded-Prefix";

    public string CountryHeader { get; set; } = "CF-IPCountry";

    public string RegionHeader { get; set; } = "CF-Region";

    public string CityHeader { get; set; } = "CF-IPCity";
}

/// <summary>Lets known proxies, and no other peer, say who the visitor is, and where.</summary>
internal static class Proxies
{
    private static readonly object ProxyPlace = new();

    /// <exception cref="SettingException">A setting is neither an address nor a network.</exception>
    public static void UseKnownProxies(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<ProxyOptions>>().Value;
        var unknown = app.Services.GetRequiredService<UnknownProxies>();

        // What the operator says is not for proxies to change.
        var saysPath = app.Services.GetRequiredService<IOptions<ServerOptions>>().Value.PathBase.Length == 0;
        if (options.Known.Length == 0)
        {
            app.Use((context, next) =>
            {
                if (!unknown.HasNoticed && Forwards(context.Request.Headers, options))
                {
                    unknown.Notice(context.Connection.RemoteIpAddress);
                }

                return next(context);
            });
            return;
        }

        var networks = Array.ConvertAll(options.Known, Network);
        app.Use((context, next) =>
        {
            // To be asked before the address becomes the visitor's.
            if (context.Connection.RemoteIpAddress is { } address && Array.Exists(networks, network => network.Contains(Plain(address))))
            {
                var headers = context.Request.Headers;
                context.Items[ProxyPlace] = PlaceFacts.FromProxy(
                    headers[options.CountryHeader], headers[options.RegionHeader], headers[options.CityHeader]);
                if (saysPath && headers.TryGetValue(options.PrefixHeader, out var prefix) && prefix.ToString().Split(',')[^1].Trim().TrimEnd('/') is { } path && ServerOptions.IsPath(path))
                {
                    context.Request.PathBase = path;
                }
            }
            else if (!unknown.HasNoticed && Forwards(context.Request.Headers, options))
            {
                unknown.Notice(context.Connection.RemoteIpAddress);
            }

            return next(context);
        });

        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardedForHeaderName = options.AddressHeader,

            // As many as there are; the first that is not known is the visitor.
            ForwardLimit = null,
        };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in networks)
        {
            forwarded.KnownIPNetworks.Add(network);
        }

        app.UseForwardedHeaders(forwarded);
    }

    /// <summary>Where a known proxy says the visitor is. Null: there is none, or it does not say.</summary>
    public static PlaceFacts? PlaceToldOf(HttpContext context) =>
        context.Items.TryGetValue(ProxyPlace, out var told) && told is PlaceFacts { Country: not null } place ? place : null;

    /// <summary>Whether this peer may speak for visitors.</summary>
    public static bool Knows(ProxyOptions options, IPAddress peer) => Array.Exists(options.Known, known => Network(known).Contains(Plain(peer)));

    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static bool Forwards(IHeaderDictionary headers, ProxyOptions options) =>
        headers.ContainsKey(options.AddressHeader) || headers.ContainsKey("X-Forwarded-For") || headers.ContainsKey("Forwarded")
        || headers.ContainsKey("X-Forwarded-Proto") || headers.ContainsKey(options.PrefixHeader);

    private static IPNetwork Network(string text)
    {
        if (IPNetwork.TryParse(text, out var network))
        {
            return network;
        }

        return IPAddress.TryParse(text, out var address)
            ? new IPNetwork(Plain(address), Plain(address).GetAddressBytes().Length * 8)
            : throw new SettingException($"Proxies:Known has '{text}', which is neither an address such as 10.0.0.7 nor a network such as 10.0.0.0/8");
    }
}
