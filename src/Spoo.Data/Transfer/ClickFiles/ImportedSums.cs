using Spoo.Data.Clicks.Facts;
using Spoo.Data.Transfer.Imports;

namespace Spoo.Data.Transfer.ClickFiles;

/// <summary>How many clicks a line tells of, and nothing else about them.</summary>
/// <param name="Day">As <see cref="ImportedTotal.Day"/>.</param>
internal readonly record struct ImportedSum(int Day, long Clicks);

/// <summary>
/// The sums of a file by link and day. They are kept until the file is over, because rows may be of one country or browser each, and half of a sum would
/// look like a whole one.
/// </summary>
internal sealed class ImportedSums
{
    /// <summary>Half a hundred bytes each.</summary>
    private const int MostSums = 1_000_000;

    private readonly Dictionary<(long LinkId, int Day), long> _sums = [];

    public bool Any => _sums.Count > 0;

    public long Clicks => _sums.Values.Sum();

    public void Clear() => _sums.Clear();

    /// <exception cref="ClickFileException">There are too many.</exception>
    public void Add(long linkId, ImportedSum sum)
    {
        var clicks = _sums.GetValueOrDefault((linkId, sum.Day)) + sum.Clicks;
        _sums[(linkId, sum.Day)] = Math.Min(clicks, ImportedTotal.MaxClicks);
        if (_sums.Count > MostSums)
        {
            throw new ClickFileException(new Message("The file has sums of more than {0:N0} days of links. Cut it into several files by link, so that no day is in two of them.", MostSums));
        }
    }

    public IEnumerable<ImportedTotal> Of(ImportRun run) => _sums.Select(sum => new ImportedTotal
    {
        LinkId = sum.Key.LinkId,
        ImportId = run.Id,
        Day = sum.Key.Day,
        Clicks = sum.Value,
        Until = run.StartedAt,
    });
}
