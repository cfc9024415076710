using System.ComponentModel.DataAnnotations;
using System.Globalization;
using ClickHouse.Driver.ADO;

namespace Spoo.Data.Database;

/// <summary>Settings of the section <c>Stats:ClickHouse</c>: where clicks are counted that one machine's memory does not hold.</summary>
public sealed class ClickHouseOptions
{
    public const string Section = "Stats:ClickHouse";

    /// <summary>How long a statement may take where <see cref="ConnectionString"/> does not say so with Timeout, in seconds. The driver's own two minutes are too long to look at a page.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Where the server is, in the words of its driver: <c>Host=…;Port=8123;Database=spoo;Username=spoo</c>. Of several, what they have in common.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>
    /// Several servers, each of which counts the clicks of its own visitors: for each in the words of <see cref="ConnectionString"/> what that one does not say, such as <c>Host=…</c>.
    /// Which visitors are whose follows from their order. None: the one that <see cref="ConnectionString"/> names.
    /// </summary>
    public string[] Shards { get; set; } = [];

    /// <summary>The password, of any characters, where it does not stand in <see cref="ConnectionString"/> or <see cref="Shards"/>. Null: it stands there, or none is asked for.</summary>
    public string? Password { get; set; }

    /// <summary>So long, in seconds, a question waits for clicks that are being copied.</summary>
    [Range(1, 600)]
    public int WaitSeconds { get; set; } = 4;

    /// <summary>Whether each server, or each database in it, is named once.</summary>
    internal bool AreDifferent => Parsed() is not { } servers || servers.Select(server => (server.Host.ToUpperInvariant(), server.Port, server.Database)).Distinct().Count() == servers.Count;

    /// <summary>Each server. Null: they cannot be understood, or one of them is not named.</summary>
    /// <param name="atLeast">How long a statement may take at least, whatever they say.</param>
    internal IReadOnlyList<ClickHouseClientSettings>? Parsed(TimeSpan atLeast = default)
    {
        List<ClickHouseClientSettings?> servers = [.. (Shards is { Length: > 0 } shards ? shards : [""]).Select(own => Parsed(own, atLeast))];
        return servers.Contains(null) ? null : [.. servers.OfType<ClickHouseClientSettings>()];
    }

    private ClickHouseClientSettings? Parsed(string own, TimeSpan atLeast)
    {
        try
        {
            var connection = new ClickHouseConnectionStringBuilder(ConnectionString ?? "");
            if (Password is { Length: > 0 } password)
            {
                connection.Password = password;
            }

            var ofItsOwn = new ClickHouseConnectionStringBuilder(own);
            foreach (var name in ofItsOwn.Keys.Cast<string>())
            {
                connection[name] = ofItsOwn[name];
            }

            if (!connection.ContainsKey("Timeout"))
            {
                connection.Timeout = Patience;
            }

            connection.Timeout = connection.Timeout < atLeast ? atLeast : connection.Timeout;

            // The driver would take this machine where no other is named, and its own port for one that is none.
            var isNamed = connection.ContainsKey("Host")
                && (!connection.TryGetValue("Port", out var port) || ushort.TryParse(port.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out _));
            return isNamed && connection.ToSettings() is { Host.Length: > 0, Database.Length: > 0 } settings ? settings : null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException or OverflowException or KeyNotFoundException)
        {
            // What is wrong with it is not repeated, because it may be a password that has lost its quotes.
            return null;
        }
    }
}
