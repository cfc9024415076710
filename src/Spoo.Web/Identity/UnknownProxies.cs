using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;
using Spoo.Data;

namespace Spoo.Web.Identity;

/// <summary>
/// Notices a peer that forwards for others and is not in <c>Proxies:Known</c>: everybody behind it counts as one visitor, until the operator
/// says that it may be believed. It is said once in the log, and on the page of the system and by <c>check</c> from then on.
/// </summary>
internal sealed partial class UnknownProxies(IOptions<DataOptions> data, IOptions<ProxyOptions> proxies, TimeProvider clock, ILogger<UnknownProxies> logger)
{
    private const string FileName = "unknown-proxy";

    /// <summary>What is said of a peer whose address may be a visitor's.</summary>
    private const string Public = "a public address";

    private int _noticed;

    /// <summary>Whether one has been noticed by this process, which need not look any more.</summary>
    public bool HasNoticed => Volatile.Read(ref _noticed) != 0;

    /// <summary>The address of the one that was noticed last, if it is not known still. Null: none.</summary>
    public string? Last
    {
        get
        {
            var path = data.Value.PathOf(FileName);
            var noticed = File.Exists(path) ? File.ReadAllText(path).Split(' ')[0].Replace('_', ' ') : null;
            return noticed is null || (IPAddress.TryParse(noticed, out var address) && Proxies.Knows(proxies.Value, address)) ? null : noticed;
        }
    }

    public void Notice(IPAddress? peer)
    {
        if (Interlocked.Exchange(ref _noticed, 1) != 0)
        {
            return;
        }

        // A visitor may make the header up, and a visitor's address stays out of the log.
        var name = peer is not null && ClientNetwork.IsPrivate(peer) ? Proxies.Plain(peer).ToString() : Public;
        Noticed(name);
        try
        {
            File.WriteAllText(
                data.Value.PathOf(FileName),
                string.Create(CultureInfo.InvariantCulture, $"{name.Replace(' ', '_')} {clock.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}\n"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            NotWritten(exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A peer with {Peer} sends forwarding headers and is not in Proxies:Known, so they are not believed: if it is a proxy of yours, everybody behind it counts as one visitor until Proxies:Known names it.")]
    private partial void Noticed(string peer);

    [LoggerMessage(LogLevel.Warning, "That there is an unknown proxy could not be written down: {Reason}")]
    private partial void NotWritten(string reason);
}
