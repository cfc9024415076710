using System.Runtime.InteropServices;

namespace Spoo.Data.Clicks.Storing;

/// <summary>Lets a thread stand back behind others of its process when there are not enough processors.</summary>
internal static class BackgroundThread
{
    // A thread that has to share a processor with one that is five steps less nice gets a quarter of it.
    private const int Steps = 5;

    /// <summary>From now on, for the current thread.</summary>
    public static void StandBack()
    {
        Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;

        // Linux knows no priorities within a process but niceness, and .NET leaves that alone.
        if (OperatingSystem.IsLinux())
        {
            _ = Nice(Steps);
        }
    }

    /// <summary>Does this on a thread of its own that stands back.</summary>
    public static Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken) => Task.Factory.StartNew(
        () =>
        {
            StandBack();
            return work();
        },
        cancellationToken,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    // Of the calling thread alone, unlike elsewhere.
    [DllImport("libc", EntryPoint = "nice")]
    private static extern int Nice(int steps);
}
