using Microsoft.Extensions.Logging;
using Spoo.Data.Clicks.Facts;

namespace Spoo.Data.Clicks.News;

/// <summary>Tells its listeners that clicks have been stored by this process. Charts follow it; nothing here knows of them.</summary>
public sealed partial class ClickPublisher(ILogger<ClickPublisher> logger)
{
    /// <summary>Called after each commit, on the thread that stored: listeners take note and are gone.</summary>
    public event Action<IReadOnlyList<Click>>? Stored;

    internal void Announce(IReadOnlyList<Click> clicks)
    {
        if (clicks.Count == 0)
        {
            return;
        }

        foreach (var listener in Delegate.EnumerateInvocationList(Stored))
        {
            try
            {
                listener(clicks);
            }
            catch (Exception exception)
            {
                // The clicks are stored; that one listener fails must not look as if they were not.
                ListenerFailed(exception);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "A listener to stored clicks failed.")]
    private partial void ListenerFailed(Exception exception);
}
