using System.Diagnostics;

namespace Spoo.Tests.Support;

/// <summary>A file system in memory that is soon full.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    /// <param name="files">Files and folders that it has room for. 0: as many as fit.</param>
    public static SmallDisk Mount(string folder, int kilobytes, int files = 0)
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root" || !Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k,nr_inodes={files}", "spoo-test", folder))
        {
            Assert.Skip("Only root can mount the small disk that this test fills.");
        }

        return new SmallDisk(folder);
    }

    public void Grow(int kilobytes) => Assert.True(Run("mount", "-o", $"remount,size={kilobytes}k", _folder));

    public void Dispose() => Run("umount", "--lazy", _folder);

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
