using Spoo.Data.Transfer;
using static Spoo.Web.Words.Plurals;

namespace Spoo.Web.Commands;

/// <summary>One line on the terminal that is written over and over; nothing where the output is no terminal.</summary>
internal sealed class ProgressLine(long? length) : IProgress<ImportProgress>
{
    private readonly bool _isWatched = !Console.IsErrorRedirected;

    public ImportProgress Last { get; private set; }

    public void Report(ImportProgress value)
    {
        Last = value;
        if (_isWatched)
        {
            var share = length > 0 ? $"{100 * value.Bytes / length}%, " : "";
            Console.Error.Write($"\r{share}{InEnglish(value.Lines, "{0} line", "{0} lines")}, {InEnglish(value.Stored, "{0} click", "{0} clicks")} added ");
        }
    }

    public void End()
    {
        if (_isWatched && Last.Lines > 0)
        {
            Console.Error.WriteLine();
        }
    }
}

/// <summary>As <see cref="ProgressLine"/>, of links that are fetched from another server.</summary>
internal sealed class FetchedLine : IProgress<int>
{
    public void Report(int value)
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write($"\r{InEnglish(value, "{0} link", "{0} links")} fetched ");
        }
    }
}
