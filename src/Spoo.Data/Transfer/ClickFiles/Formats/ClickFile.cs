using Spoo.Data.Clicks.Reading;

namespace Spoo.Data.Transfer.ClickFiles.Formats;

/// <summary>A file of clicks in one of the formats, read piece by piece.</summary>
internal abstract class ClickFile(Records records, ClickFileOptions options)
{
    private readonly HashSet<string> _unknownFields = [];
    private readonly LineEncoding _encoding = new();
    private readonly FileDates _dates = new(options.Dates, options.Zone);

    /// <summary>The first names that mean nothing here.</summary>
    public IReadOnlyCollection<string> UnknownFields => _unknownFields;

    /// <summary>Bytes of the line that was read last.</summary>
    public int LineBytes => Lines.Line.Length;

    /// <summary>Whether the file turned out to be written in Windows-1252.</summary>
    public bool IsWindows1252 => _encoding.IsWindows1252;

    /// <summary>How the dates of the file are written.</summary>
    public FileDates Dates => _dates;

    /// <summary>The columns that are used, and the field that each goes into, as far as they are known by now.</summary>
    public virtual IReadOnlyList<MappedColumn> Mapped => [];

    /// <summary>What is wrong when the file has no line at all. Null: then there is nothing to import, which is no error.</summary>
    public virtual Message? WhenEmpty => null;

    protected Records Lines { get; } = records;

    protected ClickFileOptions Options => options;

    /// <summary>Reads the next line that is not empty; false at the end of the file.</summary>
    /// <exception cref="ClickFileException">The file as a whole is not what it should be.</exception>
    public async ValueTask<bool> ReadAsync(ClickLine line, CancellationToken cancellationToken)
    {
        while (await Lines.ReadAsync(cancellationToken))
        {
            line.Clear(Lines.Number);
            line.Dates = _dates;
            var bytes = Lines.Line;
            if (bytes.Span.IndexOfAnyExcept(" \t\r"u8) < 0 && !Lines.IsTooLong)
            {
                continue;
            }

            line.Fault = Lines.IsTooLong ? new Message("longer than {0:N0} bytes", Lines is JsonRecords ? JsonRecords.MaxLength : LineReader.MaxLength)
                : _encoding.TryRead(ref bytes) ? null
                : new Message("not valid UTF-8");
            if (line.Fault is not null)
            {
                return true;
            }

            if (Parse(bytes.Span, line))
            {
                if (line is { Request: not null, Fault: null, NotClick: null })
                {
                    options.Requests.Read(line);
                }

                line[ClickField.ShortCode] ??= options.ShortCode;
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes a line apart, or says in <see cref="ClickLine.Fault"/> why it cannot; false when the line is to be passed over.</summary>
    protected abstract bool Parse(ReadOnlySpan<byte> text, ClickLine line);

    protected void NoteUnknown(string name)
    {
        if (_unknownFields.Count < ImportReport.MaxUnknownFields && OutsideText.Clean(name, 64) is { } clean)
        {
            _unknownFields.Add(clean);
        }
    }
}

/// <summary>A column of a file, and the field that it goes into.</summary>
public sealed record MappedColumn(string Column, string Field);
