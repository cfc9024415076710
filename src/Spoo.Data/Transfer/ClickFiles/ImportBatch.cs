using Spoo.Data.Clicks.Facts;
using Spoo.Data.Transfer.ClickFiles.Formats;
using Spoo.Data.Transfer.Imports;

namespace Spoo.Data.Transfer.ClickFiles;

/// <summary>Some lines of the file, understood.</summary>
internal sealed class ImportBatch
{
    public List<ImportedClick> Clicks { get; } = [];

    /// <summary>Of the first batch of a file.</summary>
    public ImportSource? Source { get; set; }

    public FirstBadLines BadLines { get; } = new(ImportReport.MaxBadLines);

    public int Lines { get; private set; }

    /// <summary>Lines that are no clicks, by the reason.</summary>
    public Dictionary<Message, long> NotClicks { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Bytes of its lines.</summary>
    public int Bytes { get; set; }

    /// <summary>Whether nothing more can be read behind it.</summary>
    public bool IsLast { get; set; }

    /// <summary>Bytes of the file that had been read when this batch was full.</summary>
    public long BytesRead { get; set; }

    public void Add(ClickLine line, bool isSum, LineContext context)
    {
        Lines++;
        if (line is { NotClick: { } why, Fault: null })
        {
            NotClicks[why] = NotClicks.GetValueOrDefault(why) + 1;
        }
        else if (isSum || line.IsSum)
        {
            AddSum(line, context);
        }
        else if (ClickLines.Read(line, context, out var reason) is { } click)
        {
            Clicks.Add(click);
        }
        else
        {
            BadLines.Add(line.Number, reason!);
        }
    }

    private void AddSum(ClickLine line, LineContext context)
    {
        if (line.Fault is null && line.IsSum && FileNumbers.Count(line[ClickField.Clicks]) == 0)
        {
            NotClicks[Formats.NotClicks.NoneAtAll] = NotClicks.GetValueOrDefault(Formats.NotClicks.NoneAtAll) + 1;
        }
        else if (ClickLines.ReadSum(line, context, out var reason) is { } sum)
        {
            Clicks.Add(sum);
        }
        else
        {
            BadLines.Add(line.Number, reason!);
        }
    }

    /// <summary>What makes a line recognisable when it comes again.</summary>
    public static LineKey KeyOf(ClickLine line, string ownerId, Occurrences occurrences)
    {
        if (line[ClickField.Id] is { } id)
        {
            return LineKey.OfId(ownerId, id);
        }

        var key = LineKey.OfContent(ContentKey.Of(line.KeyParts(ownerId)), line[ClickField.Time]);
        return occurrences.Count(key.Content) is var times and > 1 ? key.Again(ownerId, times) : key;
    }
}
