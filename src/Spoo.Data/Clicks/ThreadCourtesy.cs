using System.Runtime.InteropServices;

namespace Spoo.Data.Clicks;

/// <summary>Lets a thread stand back behind others of its process when there are not enough processors.</summary>
internal static class ThreadCourtesy
{
    // From 0 to 19. At 10 a thread that has to share a processor with a normal one gets a tenth of it.
    private const int Niceness = 10;
    private const int OneThread = 0;
    private const int Myself = 0;

    /// <summary>From now on, for the current thread.</summary>
    public static void StandBack()
    {
        Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;

        // Linux knows no priorities within a process but niceness, and .NET leaves that alone.
        if (OperatingSystem.IsLinux())
        {
            _ = SetPriority(OneThread, Myself, Niceness);
        }
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    private static extern int SetPriority(int which, uint who, int niceness);
}
