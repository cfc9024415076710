namespace Spoo.Stories.Support;

/// <summary>Files around the tests.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Where a screenshot of this name goes: build output, not part of the repository.</summary>
    public static string Screenshot(string name)
    {
        var folder = Path.Combine(Root, "artifacts", "screenshots");
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, name + ".png");
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Spoo.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not lie within the repository.");
        }

        return folder.FullName;
    }
}
