using Spoo.Data.Clicks.Reading;
using Spoo.Data.Transfer.ClickFiles.Formats;
using Spoo.Data.Transfer.Imports;

namespace Spoo.Data.Transfer;

/// <summary>How far an import has come.</summary>
/// <param name="Bytes">Bytes taken from the file as it is, compressed or not.</param>
/// <param name="Lines">Lines whose fate is sealed: clicks stored, or reported.</param>
/// <param name="Stored">Clicks stored so far.</param>
public readonly record struct ImportProgress(long Bytes, long Lines, long Stored);

/// <summary>A line that did not become a click.</summary>
/// <param name="Line">Its number in the file, from 1.</param>
/// <param name="Reason">What is wrong with it, for people.</param>
public sealed record BadLine(long Line, Message Reason);

/// <summary>A field of a file whose texts were not all understood.</summary>
/// <param name="Field">Its name in the documented files.</param>
/// <param name="Lines">Lines of clicks that were imported without it.</param>
/// <param name="Examples">The first few texts that were not understood.</param>
public sealed record FieldNotUnderstood(string Field, long Lines, IReadOnlyList<string> Examples)
{
    public const int MaxExamples = 5;

    /// <summary>With one more of such lines.</summary>
    internal FieldNotUnderstood And(string text)
    {
        var example = OutsideText.Clean(text, 60) ?? "";
        return this with { Lines = Lines + 1, Examples = Examples.Count < MaxExamples && !Examples.Contains(example) ? [.. Examples, example] : Examples };
    }

    /// <summary>How many lines, and what they said.</summary>
    public string Said => string.Join(", ", Examples.Select(text => $"'{text}'")) + (Lines > Examples.Count ? ", …" : "");
}

/// <summary>How a file was read.</summary>
/// <param name="Reason">What told the format.</param>
/// <param name="Encoding">What it is written in.</param>
/// <param name="Dates">Which number of a date is the day. Null: the dates do not leave that open.</param>
/// <param name="Columns">The columns that are used.</param>
public sealed record ReadFile(
    string Name, ClickFileFormat Format, Message Reason, string Encoding, DateOrder? Dates, IReadOnlyList<MappedColumn> Columns);

/// <summary>What became of a file. Every line that is not empty is counted in exactly one place.</summary>
public sealed record ImportReport
{
    /// <summary>Bad lines reported one by one; <see cref="Bad"/> counts all of them.</summary>
    public const int MaxBadLines = 100;

    /// <summary>Unknown names that are reported.</summary>
    public const int MaxUnknownFields = 20;

    /// <summary>The file, or those of the archive, and how they were read.</summary>
    public IReadOnlyList<ReadFile> Files { get; private set; } = [];

    public long Lines { get; internal set; }

    /// <summary>Clicks that are in the database now and were not before.</summary>
    public long Stored { get; internal set; }

    /// <summary>Clicks of which the file tells only how many they were.</summary>
    public ToldTotals Totals { get; internal set; }

    /// <summary>Clicks that an earlier import, or an earlier line with the same <c>id</c>, had brought already.</summary>
    public long AlreadyThere { get; internal set; }

    /// <summary>Lines that are no clicks and do not claim to be, by what they are.</summary>
    public IReadOnlyDictionary<Message, long> NotClicksBy { get; private set; } = new Dictionary<Message, long>();

    public long NotClicks => NotClicksBy.Values.Sum();

    /// <summary>Whether there are lines, and none of them could be read.</summary>
    public bool IsUnreadable => Bad > 0 && Bad == Lines;

    public long Bad { get; internal set; }

    /// <summary>The first <see cref="MaxBadLines"/> bad lines, in the order of the file.</summary>
    public IReadOnlyList<BadLine> BadLines { get; internal set; } = [];

    /// <summary>Clicks whose link was deleted while the import ran.</summary>
    public long LinkDeleted { get; internal set; }

    public long LinksCreated { get; internal set; }

    /// <summary>
    /// Clicks, stored or already there, of lines that named neither visitor nor address. Their visitors are told apart by User-Agent,
    /// language and place, so their uniques are lower than the truth.
    /// </summary>
    public long VisitorsGuessed { get; internal set; }

    /// <summary>Clicks, stored or already there, that are dated ahead of now: they are in no report before their time has come.</summary>
    public long Ahead { get; internal set; }

    /// <summary>Fields that clicks, stored or already there, do without, because what the file says in them was not understood.</summary>
    public IReadOnlyList<FieldNotUnderstood> NotUnderstood { get; internal set; } = [];

    /// <summary>The first hosts of short links that are no domains of the account, with how many clicks were of their links: these are on the installation's own domain.</summary>
    public IReadOnlyDictionary<string, long> OtherHosts { get; internal set; } = new Dictionary<string, long>();

    /// <summary>The first names in the file that mean nothing here.</summary>
    public IReadOnlyCollection<string> UnknownFields { get; internal set; } = [];

    /// <summary>The number under which the import can be undone. Null: nothing came so far that it was written down.</summary>
    public int? ImportId { get; internal set; }

    public TimeSpan Elapsed { get; internal set; }

    internal void Add(ReadFile file) => Files = [.. Files, file];

    internal void Add(IReadOnlyDictionary<Message, long> notClicks) => NotClicksBy = NotClicksBy.Concat(notClicks)
        .GroupBy(reason => reason.Key, (reason, counts) => KeyValuePair.Create(reason, counts.Sum(count => count.Value)))
        .ToDictionary();
}

/// <summary>The file as a whole cannot be read (any further); the reason says why, in a line for people.</summary>
/// <param name="options">The options of the command that answer what the reason asks; a page has fields for that. Null: it asks nothing.</param>
public sealed class ClickFileException(Message reason, string? options = null) : Exception(options is null ? reason.ToString() : $"{reason} {options}")
{
    public Message Reason { get; } = reason;
}
