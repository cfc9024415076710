using System.Globalization;
using Spoo.Data.Transfer;

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
            Console.Error.Write($"\r{share}{value.Lines.ToString("N0", CultureInfo.InvariantCulture)} lines, {value.Stored.ToString("N0", CultureInfo.InvariantCulture)} clicks added ");
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
