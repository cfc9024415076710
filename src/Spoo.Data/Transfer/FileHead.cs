using System.Text;
using System.Text.Json;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Transfer.ClickFiles.Formats;
using Spoo.Data.Transfer.Imports;

namespace Spoo.Data.Transfer;

/// <summary>A column of a file, with what stands in it first.</summary>
public sealed record HeadColumn(string Name, string Sample);

/// <summary>The beginning of a file as people see it, before anything is made of it.</summary>
public sealed record FileHead
{
    private const int MaxColumns = 60;
    private const int MaxSampleLength = 80;

    /// <summary>Empty: its columns have no names.</summary>
    public required IReadOnlyList<HeadColumn> Columns { get; init; }

    /// <summary>By which the next file with the same columns is known. Null: they have no names.</summary>
    public required long? Header { get; init; }

    /// <summary>Reads no more of the file than is needed, unless it is an archive. Of an archive it is the first file.</summary>
    /// <exception cref="ClickFileException">It is a file of another program, in which there is no text to read.</exception>
    public static async Task<FileHead> ReadAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var file in TextFile.OpenAsync(name, content, cancellationToken))
            {
                if (!file.Head.IsEmpty)
                {
                    var shape = FileShape.Of(file);
                    return new FileHead { Columns = [.. ColumnsOf(shape).Take(MaxColumns)], Header = ImportSource.HeaderOf(shape) };
                }
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw new ClickFileException(new Message("The file cannot be read: {0}", exception.Message));
        }

        throw new ClickFileException(new Message("The file is empty."));
    }

    private static IEnumerable<HeadColumn> ColumnsOf(FileShape shape) => shape.Kind switch
    {
        Kinds.Csv => OfCsv(shape),
        Kinds.Json => shape.Names.Select(shape.NameOf).Select(name => new HeadColumn(name, "")).ToList() is var names && FirstObject(shape) is { } first
            ? names.Select(column => column with { Sample = Cut(Find(first, column.Name)) })
            : names,
        _ => [],
    };

    private static IEnumerable<HeadColumn> OfCsv(FileShape shape)
    {
        var names = CsvFile.HeaderOf(shape.Lines);
        var lines = shape.Lines.Select(line => Encoding.UTF8.GetBytes(line)).ToList();
        var start = CsvFile.IsSeparatorLine(lines[0], out var separator) ? 1 : 0;
        separator = start == 1 ? separator : CsvFile.SeparatorOf(lines[0]);
        var rows = lines.Skip(start + 1).Select(line => CsvFile.Fields(line, separator)).Where(row => row?.Count == names.Count).ToList();
        return names.Select((name, at) => new HeadColumn(name.Trim(), Cut(rows.Select(row => row![at]).FirstOrDefault(value => value.Length > 0))));
    }

    private static JsonElement? FirstObject(FileShape shape)
    {
        try
        {
            return shape.ListStart is null && shape.Lines is [var first, ..] ? JsonElement.Parse(first) : null;
        }
        catch (JsonException)
        {
            // Of one that goes over several lines the names have to do.
            return null;
        }
    }

    private static string? Find(JsonElement of, string name)
    {
        foreach (var part in name.Split('.'))
        {
            if (of.ValueKind != JsonValueKind.Object || !of.TryGetProperty(part, out of))
            {
                return null;
            }
        }

        return of.ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null ? null : of.ToString();
    }

    private static string Cut(string? text) => OutsideText.Clean(text, MaxSampleLength) ?? "";
}
