using System.Globalization;
using System.Net;

namespace Spoo.Data.Transfer.ClickFiles.Formats;

/// <summary>A request as the log of a web server tells it.</summary>
internal sealed class LoggedRequest
{
    private readonly RepeatedTexts _targets = new();
    private readonly RepeatedTexts _words = new();

    public string? Method { get; set; }

    /// <summary>Path and query, or the whole address.</summary>
    public string? Target { get; set; }

    public string? Host { get; set; }

    public string? Status { get; set; }

    /// <summary>Takes apart <c>GET /code HTTP/1.1</c>; a text without blanks is the target alone.</summary>
    public void SetLine(ReadOnlySpan<char> line)
    {
        var first = line.IndexOf(' ');
        if (first < 0)
        {
            Target ??= _targets.Of(line);
            return;
        }

        var last = line.LastIndexOf(' ');
        (Method, Target) = (_words.Of(line[..first]), _targets.Of(last > first ? line[(first + 1)..last] : line[(first + 1)..]));
    }

    public void SetStatus(ReadOnlySpan<char> status) => Status = _words.Of(status);

    public void SetHost(ReadOnlySpan<char> host) => Host = _words.Of(host);

    public void Clear() => (Method, Target, Host, Status) = (null, null, null, null);

    /// <summary>The first address of a list that proxies made, without port and brackets.</summary>
    public static string? AddressIn(string? text)
    {
        var first = text.AsSpan();
        first = (first.IndexOf(',') is var comma and >= 0 ? first[..comma] : first).Trim();
        if (first is "" or "-" or "unknown")
        {
            return null;
        }

        var address = first.ToString();
        return IPAddress.TryParse(address, out var ip) ? (ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4().ToString() : address)
            : IPEndPoint.TryParse(address, out var end) ? end.Address.ToString()
            : address;
    }
}

/// <summary>Which requests of a server's log were clicks.</summary>
public sealed record RequestRules
{
    public static RequestRules Default { get; } = new();

    /// <summary>Where the links were: nothing for <c>/code</c>, <c>/go</c> for <c>/go/code</c>.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The only host whose requests count. Null: all that are in the log.</summary>
    public string? Host { get; init; }

    /// <summary>The answers that were redirects.</summary>
    public IReadOnlySet<int> Statuses { get; init; } = new HashSet<int> { 301, 302, 307, 308 };

    /// <summary>Finds the code that was asked for, or says why the request was no click.</summary>
    internal void Read(ClickLine line)
    {
        var request = line.Request!;
        if (request.Target is null || request.Status is null)
        {
            line.Fault ??= request.Target is null ? new Message("no path") : new Message("no status");
            return;
        }

        if (request.Method is not (null or "GET"))
        {
            line.NotClick = NotClicks.OtherMethod;
        }
        else if (!int.TryParse(request.Status, NumberStyles.None, CultureInfo.InvariantCulture, out var status) || !Statuses.Contains(status))
        {
            line.NotClick = NotClicks.OtherStatus;
        }
        else if (Host is not null && !IsHere(request))
        {
            line.NotClick = NotClicks.OtherHost;
        }
        else if (line.TryTakeCode(ShortAddress.CodePartIn(ShortAddress.PathOf(request.Target, out var query), Prefix)))
        {
            line.SetHost(HostOf(request));
            line.SetCampaign(query);
        }
        else
        {
            line.NotClick = NotClicks.NoCode;
        }
    }

    private bool IsHere(LoggedRequest request) => HostOf(request).Equals(Host, StringComparison.OrdinalIgnoreCase);

    // Without its port.
    private static ReadOnlySpan<char> HostOf(LoggedRequest request)
    {
        var host = request.Host is null ? ShortAddress.HostOf(request.Target) : request.Host.AsSpan();
        var port = host.LastIndexOf(':');
        return port > 0 && host[^1] != ']' ? host[..port] : host;
    }
}

/// <summary>Why lines are no clicks, for people.</summary>
internal static class NotClicks
{
    public static readonly Message Heartbeat = new Message("a sign of life of the log");
    public static readonly Message OtherMethod = new Message("a request other than GET");
    public static readonly Message OtherStatus = new Message("no redirect, by its status");
    public static readonly Message OtherHost = new Message("a request to another host");
    public static readonly Message NoCode = new Message("a path that is no short code");
    public static readonly Message NoneAtAll = new Message("a day or a link without clicks");
    public static readonly Message NoVisit = new Message("a visit of something other than a link");
}
