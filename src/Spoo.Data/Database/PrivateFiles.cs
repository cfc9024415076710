using System.Runtime.InteropServices;

namespace Spoo.Data.Database;

/// <summary>Keeps what is in the data folder from the other users of the machine.</summary>
public static partial class PrivateFiles
{
    private const UnixFileMode OursToEnter = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OursToRead = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>What others may not do with files that we make: anything.</summary>
    private const uint NobodyElse = 0b000_111_111;

    /// <summary>Whatever this process makes from now on is its user's alone, whichever part makes it. Windows has its own rules for folders.</summary>
    public static void MakeOnlyPrivateOnes()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SetMask(NobodyElse);
        }
    }

    /// <summary>Takes from others what an earlier version, a copy or an archive left open in this folder.</summary>
    public static void Close(string folder)
    {
        if (OperatingSystem.IsWindows() || !Directory.Exists(folder))
        {
            return;
        }

        // A link leads to another user's files, such as a shared folder of places.
        var inside = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        var root = new DirectoryInfo(folder);
        foreach (var entry in root.EnumerateFileSystemInfos("*", inside).Prepend(root))
        {
            try
            {
                var wanted = entry is DirectoryInfo ? OursToEnter : OursToRead;
                if (entry.UnixFileMode != wanted)
                {
                    entry.UnixFileMode = wanted;
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Gone meanwhile, or another user's, who has closed it or not.
            }
        }
    }

    /// <summary>What other users of the machine may read or change of the data folder, keys that lie elsewhere by a link among it.</summary>
    public static IReadOnlyList<string> OpenIn(string folder)
    {
        if (OperatingSystem.IsWindows() || !Directory.Exists(folder))
        {
            return [];
        }

        var inside = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        var root = new DirectoryInfo(folder);
        var keys = new DirectoryInfo(Path.Combine(folder, "keys"));
        var elsewhere = keys.Exists && keys.LinkTarget is not null ? keys.EnumerateFileSystemInfos("*", inside) : [];
        return [.. root.EnumerateFileSystemInfos("*", inside).Prepend(root).Concat(elsewhere).Where(IsOpen).Select(entry => entry.FullName)];
    }

    private static bool IsOpen(FileSystemInfo entry)
    {
        try
        {
            return !OperatingSystem.IsWindows() && (entry.UnixFileMode & ~OursToEnter) != 0;
        }
        catch (IOException)
        {
            // Gone meanwhile.
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint SetMask(uint mask);
}
