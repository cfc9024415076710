using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Spoo.Data;
using Spoo.Data.Clicks.Journal;

namespace Spoo.Benchmarks;

/// <summary>The product without a web server.</summary>
internal static class BenchmarkHost
{
    /// <param name="folder">The data folder.</param>
    /// <param name="settings">More of them, each as <c>--Section:Name</c> and its value.</param>
    /// <param name="withJournal">Whether clicks can be journalled.</param>
    public static IHost Of(string folder, string[] settings, bool withJournal = false)
    {
        var builder = new HostApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddCommandLine(["--Data:Folder", folder, .. settings]);
        builder.AddSpooData();
        if (withJournal)
        {
            builder.AddSpooJournal();
        }

        return builder.Build();
    }
}
