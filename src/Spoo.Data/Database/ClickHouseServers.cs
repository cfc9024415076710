namespace Spoo.Data.Database;

/// <summary>The ClickHouse servers that count clicks: one, or several of which each has the clicks of its own visitors.</summary>
public sealed class ClickHouseServers : IDisposable
{
    // What goes over all clicks and nobody waits for takes as long as it takes.
    private static readonly TimeSpan AtLength = TimeSpan.FromHours(6);

    private readonly Lazy<IReadOnlyList<ClickHouseServer>> _all;

    public ClickHouseServers(ClickHouseOptions options, TimeProvider clock) => _all = new(() =>
        options.Parsed() is { } settings && options.Parsed(AtLength) is { } patient
            ? [.. settings.Zip(patient, (quick, slow) => (quick, slow)).Select((server, index) => new ClickHouseServer(server.quick, server.slow, index + 1, clock))]
            : throw new SettingException("Stats:ClickHouse names no ClickHouse server"));

    /// <summary>In the order in which they are named.</summary>
    /// <exception cref="SettingException">None is named.</exception>
    public IReadOnlyList<ClickHouseServer> All => _all.Value;

    public void Dispose()
    {
        if (_all.IsValueCreated)
        {
            foreach (var server in _all.Value)
            {
                server.Dispose();
            }
        }
    }
}
