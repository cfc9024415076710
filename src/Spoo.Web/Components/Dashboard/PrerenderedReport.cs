using Microsoft.Extensions.Caching.Memory;
using Spoo.Web.Components.Report;

namespace Spoo.Web.Components.Dashboard;

/// <summary>
/// Carries the report of a page that was drawn for the first response to the circuit that takes the page over a moment later: one
/// question, one scan, and the same numbers in both.
/// </summary>
internal sealed class PrerenderedReport : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly MemoryCache _waiting = new(new MemoryCacheOptions { ExpirationScanFrequency = Patience });

    /// <returns>The ticket to collect it with.</returns>
    public string Leave(DashboardAnswer answer)
    {
        var ticket = Guid.NewGuid().ToString("N");
        _waiting.Set(ticket, answer, Patience);
        return ticket;
    }

    /// <summary>Null: it was collected already, or waited too long.</summary>
    public DashboardAnswer? Collect(string ticket)
    {
        if (_waiting.TryGetValue(ticket, out DashboardAnswer? answer))
        {
            _waiting.Remove(ticket);
        }

        return answer;
    }

    public void Dispose() => _waiting.Dispose();
}
