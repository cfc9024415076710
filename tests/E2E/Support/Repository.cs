namespace Spoo.Stories.Support;

/// <summary>Files around the tests.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The hour of real clicks; may not be there.</summary>
    public static string RealClicks { get; } = Path.GetFullPath(Path.Combine(
        Environment.GetEnvironmentVariable("SPOO_DATA") is { Length: > 0 } given ? given : Path.Combine(Root, "..", "shared", "data"),
        "usagov-bitly-clicks.ndjson"));

    public static string NoRealClicks => $"the file of real clicks is not at {RealClicks}; SPOO_DATA names its folder";

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
