using System.CommandLine;

namespace Spoo.Web.Commands;

/// <summary>The verbs behind <c>./run VERB</c>: the same program, without the server.</summary>
internal static class SpooCommands
{
    /// <summary>Whether the command line asks for a verb or for help, and not for the server.</summary>
    public static bool Asked(string[] args) =>
        args.Length > 0 && (!args[0].StartsWith('-') || args[0] is "--help" or "-h" or "-?" or "--version");

    public static Task<int> RunAsync(string[] args) => Root().Parse(args).InvokeAsync();

    private static RootCommand Root() => new("Spoo counts and shows the clicks of short links. Without a verb it serves the dashboard and the API.");
}
