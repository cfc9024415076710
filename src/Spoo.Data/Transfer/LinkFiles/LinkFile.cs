using System.Text;
using System.Text.Json;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Links.Codes;
using Spoo.Data.Transfer.ClickFiles.Formats;

namespace Spoo.Data.Transfer.LinkFiles;

/// <summary>A file of links in one of the formats, read record by record.</summary>
internal sealed class LinkFile
{
    private const int MostRows = 50;

    /// <summary>Files may have other names in every object.</summary>
    private const int MaxRemembered = 1_000;

    /// <summary>By which a program knows its link, and nobody else.</summary>
    private static readonly Action<LinkRecord, string> OfTheProgram = (_, _) => { };

    private readonly FileShape _shape;
    private readonly Records _records;
    private readonly LineEncoding _encoding = new();
    private readonly LinkFileOptions _options;
    private readonly List<string> _unknown = [];
    private readonly Dictionary<string, Action<LinkRecord, string>?> _found = new(StringComparer.Ordinal);
    private List<string>? _header;
    private bool _isSeparatorSaid;

    public LinkFile(TextFile file, LinkFileOptions options)
    {
        _shape = FileShape.Of(file);
        _options = options;
        (Format, var told) = options.Format is { } said ? (said, []) : LinkFileFormats.Recognise(_shape);
        Told = string.Join(", ", told.Select(_shape.NameOf));
        _records = _shape.Kind switch
        {
            Kinds.Json when _shape.ListStart is { } start => new JsonRecords(file.Content, start),
            Kinds.Json => new LineReader(file.Content, lineBreak: file.LineBreak),
            Kinds.Sql => new SqlRows(
                file.Content, (_, columns) => columns.Contains("keyword") && columns.Contains("url"), table => table.EndsWith("url", StringComparison.OrdinalIgnoreCase) ? ["keyword", "url", "title", "timestamp", "ip", "clicks"] : null),
            _ => new LineReader(file.Content, quoted: true, file.LineBreak),
        };
        if (Format.IsGeneric && _shape.Kind is Kinds.Csv or Kinds.Lines)
        {
            AskAboutCodes(file);
        }
    }

    public LinkFileFormat Format { get; }

    public FileShape Shape => _shape;

    /// <summary>The names that told the format.</summary>
    public string Told { get; }

    public long Number => _records.Number;

    /// <summary>Bytes of the record that was read last.</summary>
    public int Length => _records.Line.Length;

    public IReadOnlyList<string> UnknownColumns => _unknown;

    /// <summary>The named columns that are used, and the first column of ours that each fills.</summary>
    public IReadOnlyList<MappedColumn> Mapped => [.. _shape.Names.Select(_shape.NameOf).Select(name => (name, MeaningOf(name))).Where(column => column.Item2 is not null).Select(column => new MappedColumn(column.name, column.Item2!))];

    public bool IsWindows1252 => _encoding.IsWindows1252;

    /// <summary>The next record, or what is wrong with it. Null: the file is over.</summary>
    public async ValueTask<(LinkRecord? Record, Message? Fault)?> ReadAsync(CancellationToken cancellationToken)
    {
        while (await _records.ReadAsync(cancellationToken))
        {
            var text = _records.Line;
            if (text.Span.IndexOfAnyExcept(" \t\r"u8) < 0 && !_records.IsTooLong)
            {
                continue;
            }

            if (_records.IsTooLong || !_encoding.TryRead(ref text))
            {
                return (null, _records.IsTooLong ? new Message("longer than a line may be") : new Message("not valid UTF-8"));
            }

            var record = new LinkRecord();
            switch (_records)
            {
                case SqlRows rows:
                    return Take(record, rows.Columns, SqlRows.ValuesOf(Encoding.UTF8.GetString(text.Span)), new Message("a row whose values are not those of its table's columns"));
                case LineReader lines when _shape.Kind != Kinds.Json:
                    if (ReadRow(text.Span, lines, record) is { } read)
                    {
                        return read;
                    }

                    break;
                default:
                    return ReadObject(text, record);
            }
        }

        if (_shape.Kind == Kinds.Sql && Number == 0)
        {
            throw new ClickFileException(new Message("The dump has no rows of a table with the columns {0} and {1}.", "keyword", "url"));
        }

        return _header is null && _shape.Kind is Kinds.Csv or Kinds.Lines
            ? throw new ClickFileException(new Message("The file is empty: its first line should name the columns, long_url among them."))
            : null;
    }

    // Null: the line is none of links.
    private (LinkRecord? Record, Message? Fault)? ReadRow(ReadOnlySpan<byte> text, LineReader lines, LinkRecord record)
    {
        if (_header is null)
        {
            if (CsvFile.IsSeparatorLine(text, out var separator))
            {
                lines.Separator = separator;
                _isSeparatorSaid = true;
                return null;
            }

            lines.Separator = _isSeparatorSaid ? lines.Separator : CsvFile.SeparatorOf(text);
            _header = CsvFile.Fields(text, lines.Separator) ?? [];
            if (!HasLongUrl())
            {
                throw new ClickFileException(new Message("The header row, which is the first line of the file, has no column '{0}'.", "long_url"));
            }

            if (Format.IsGeneric)
            {
                _header.FindAll(name => Find(name) is null).ForEach(Note);
            }

            return null;
        }

        return CsvFile.Fields(text, lines.Separator) is not { } values ? (null, new Message("a quote is not closed, or closed too early"))
            : Take(record, _header, [.. values], new Message("{0} fields where the header has {1}", values.Count, _header.Count));
    }

    private bool HasLongUrl()
    {
        var probe = new LinkRecord();
        _header!.ForEach(name => Find(name)?.Invoke(probe, "x"));
        return probe.Fields.ContainsKey(LinkColumn.LongUrl);
    }

    private (LinkRecord? Record, Message? Fault) ReadObject(ReadOnlyMemory<byte> text, LinkRecord record)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                return (null, new Message("not a JSON object"));
            }

            Put(record, json.RootElement, "");
            return (record, null);
        }
        catch (JsonException exception)
        {
            return (null, new Message("not valid JSON (byte {0})", (exception.BytePositionInLine ?? 0) + 1));
        }
        catch (InvalidOperationException)
        {
            return (null, new Message("a text in it is not valid Unicode"));
        }
    }

    private void Put(LinkRecord record, JsonElement of, string within)
    {
        foreach (var property in of.EnumerateObject())
        {
            var name = within.Length == 0 ? property.Name : $"{within}.{property.Name}";
            var (value, put) = (property.Value, Find(name));
            var isWithin = value.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
            if (isWithin && put is not null && LinkFileFormats.IsJson(FieldNames.Simplify(name)))
            {
                Put(record, name, value.GetRawText(), put);
            }
            else if (value.ValueKind == JsonValueKind.Object)
            {
                if (put is null)
                {
                    Put(record, value, name);
                }
            }
            else if (Text(value) is { } text)
            {
                Put(record, name, text, put);
            }
            else if (put is null && isWithin && value.GetArrayLength() > 0)
            {
                Note(name);
            }
        }
    }

    // What a program says of a link that is neither no nor nothing, and that has no place here, is told.
    private void Put(LinkRecord record, string name, string text, Action<LinkRecord, string>? put)
    {
        put?.Invoke(record, text);
        if ((put is null && (Format.IsGeneric || text.ToLowerInvariant() is not ("false" or "no" or "0"))) || record.IsLeftOut)
        {
            Note(name);
            record.IsLeftOut = false;
        }
    }

    // Tags are texts, or objects with names.
    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        JsonValueKind.Array => string.Join(',', value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Object && item.TryGetProperty("name", out var name) ? Text(name) : Text(item)).Where(text => text is not null)) is { Length: > 0 } list ? list : null,
        _ => null,
    };

    private (LinkRecord? Record, Message? Fault) Take(LinkRecord record, IReadOnlyList<string> names, List<string?>? values, Message otherwise)
    {
        if (values is null || values.Count != names.Count)
        {
            return (null, otherwise);
        }

        for (var i = 0; i < names.Count; i++)
        {
            if (values[i]?.Trim() is { Length: > 0 } value)
            {
                // The apostrophe that keeps spreadsheets from taking a text for a formula is theirs, not the text's.
                Put(record, names[i], value is ['\'', '=' or '+' or '-' or '@', ..] ? value[1..] : value, Find(names[i]));
            }
        }

        return (record, null);
    }

    private string? MeaningOf(string name)
    {
        var probe = new LinkRecord();
        Find(name)?.Invoke(probe, "x");
        if (probe.Fields.Count == 0)
        {
            // Of those that are one thing or the other.
            Find(name)?.Invoke(probe, "true");
        }

        return probe.Fields.Count > 0 ? LinkColumns.NameOf(probe.Fields.First().Key) : null;
    }

    private Action<LinkRecord, string>? Find(string name)
    {
        if (!_found.TryGetValue(name, out var found))
        {
            found = FindNew(name);
            if (_found.Count < MaxRemembered)
            {
                _found[name] = found;
            }
        }

        return found;
    }

    private Action<LinkRecord, string>? FindNew(string name)
    {
        var simple = FieldNames.Simplify(name);
        return _options.Map.FirstOrDefault(entry => FieldNames.Simplify(entry.Key) == simple) is { Key: not null } said
            ? said.Value is { } column ? LinkFileFormats.To(column) : (_, _) => { }
        : Format.Columns.GetValueOrDefault(simple) ?? (!Format.IsGeneric && simple is "id" or "idstring" or "linkid" or "uuid" ? OfTheProgram : null);
    }

    private void Note(string name)
    {
        if (_unknown.Count < ImportReport.MaxUnknownFields && OutsideText.Clean(name, 64) is { } clean && !_unknown.Contains(clean))
        {
            _unknown.Add(clean);
        }
    }

    /// <summary>Codes are made up only where the file has none: a column that looks like them is asked about.</summary>
    private void AskAboutCodes(TextFile file)
    {
        var rows = _shape.Lines.Select(line => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(line)).ToList();
        if (rows.Count > 0 && CsvFile.IsSeparatorLine(rows[0].Span, out _))
        {
            rows.RemoveAt(0);
        }

        var names = CsvFile.HeaderOf(_shape.Lines);
        var probe = new LinkRecord();
        names.ForEach(name => Find(name)?.Invoke(probe, "x"));
        if (rows.Count < 2 || probe.Fields.ContainsKey(LinkColumn.ShortCode))
        {
            return;
        }

        var separator = CsvFile.IsSeparatorLine(Encoding.UTF8.GetBytes(_shape.Lines[0]), out var said) ? said : CsvFile.SeparatorOf(rows[0].Span);
        var values = rows.Skip(1).Take(MostRows).Select(row => CsvFile.Fields(row.Span, separator)).Where(row => row?.Count == names.Count).ToList();
        for (var column = 0; column < names.Count; column++)
        {
            var words = values.Select(row => row![column].Trim()).Where(word => word.Length > 0).ToList();
            if (Find(names[column]) is null && words.Count > 0 && words.Distinct().Count() == words.Count && words.All(IsCode))
            {
                throw new ClickFileException(
                    new Message("No column is called '{0}', but the values of '{1}' look like it. Say whether they are, or name the column {0}.", "short_code", names[column]),
                    $"--map '{names[column]}=short_code' when they are, --map '{names[column]}=-' when not.");
            }
        }
    }

    private static bool IsCode(string text) =>
        ShortAddress.IsShort(text) || (text.Length >= 3 && ShortAddress.IsPlainCode(ShortAddress.CodeIn(text, "")) && !text.All(char.IsAsciiDigit));
}

/// <summary>What a person says about a file of links that does not say it itself.</summary>
public sealed record LinkFileOptions
{
    public static LinkFileOptions None { get; } = new();

    /// <summary>Null: as the content tells.</summary>
    public LinkFileFormat? Format { get; init; }

    /// <summary>Which number of a date is the day. Null: as the date tells.</summary>
    public DateOrder? Dates { get; init; }

    /// <summary>The zone of times that name none.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Fields by the names of columns; null: the column is not used.</summary>
    public IReadOnlyDictionary<string, LinkColumn?> Map { get; init; } = new Dictionary<string, LinkColumn?>();
}
