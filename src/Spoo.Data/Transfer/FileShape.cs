using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Spoo.Data.Transfer.ClickFiles.Formats;

namespace Spoo.Data.Transfer;

/// <summary>What kinds of files there are, as far as their beginning shows.</summary>
[Flags]
internal enum Kinds
{
    /// <summary>Lines that are none of the others.</summary>
    Lines = 0,

    /// <summary>A header row, and rows of as many fields.</summary>
    Csv = 1,

    /// <summary>Objects, one a line or in a list.</summary>
    Json = 2,

    /// <summary>Directives with # that name the fields of the lines: W3C's extended log format.</summary>
    W3c = 4,

    /// <summary>The statements of a database.</summary>
    Sql = 8,

    /// <summary>One document of XML.</summary>
    Xml = 16,
}

/// <summary>The beginning of a file, looked at once for all formats.</summary>
internal sealed partial class FileShape
{
    private const int MostLines = 30;
    private const int MostNames = 500;

    /// <summary>With what lines of a database's dump begin.</summary>
    private static readonly string[] Statements = ["INSERT INTO ", "INSERT IGNORE ", "REPLACE INTO ", "CREATE TABLE ", "-- "];

    private readonly Dictionary<string, string> _names = [];

    private FileShape(Kinds kind) => Kind = kind;

    public Kinds Kind { get; }

    /// <summary>The first lines that are not empty.</summary>
    public required IReadOnlyList<string> Lines { get; init; }

    /// <summary>The simplified names of the columns, or of the fields of the first objects, those within objects with a dot between.</summary>
    public IReadOnlySet<string> Names { get; private set; } = new HashSet<string>();

    /// <summary>Where in a JSON document its list of objects begins. Null: there is one object a line.</summary>
    public int? ListStart { get; private init; }

    /// <summary>The names for people, cut.</summary>
    public string Shown => string.Join(", ", _names.Values.Take(8)) + (_names.Count > 8 ? ", …" : "");

    public static FileShape Of(TextFile file)
    {
        var lines = FirstLines(file);
        var first = lines.Count > 0 ? lines[0].TrimStart() : "";
        if (first is ['{' or '[', ..] && !first.StartsWith("[#", StringComparison.Ordinal))
        {
            return OfJson(file, lines);
        }

        if (file.Head.Span.TrimStart(" \t\r\n"u8) is [(byte)'<', (byte)'?' or (byte)'!' or >= (byte)'A' and <= (byte)'Z' or >= (byte)'a' and <= (byte)'z', ..])
        {
            return OfXml(file, lines);
        }

        if (lines.Any(line => line.StartsWith("#Fields:", StringComparison.OrdinalIgnoreCase)))
        {
            return new FileShape(Kinds.W3c) { Lines = lines };
        }

        if (lines.Any(line => Statements.Any(statement => line.StartsWith(statement, StringComparison.OrdinalIgnoreCase))))
        {
            return new FileShape(Kinds.Sql) { Lines = lines };
        }

        var header = CsvFile.HeaderOf(lines);
        var shape = new FileShape(header.Count > 1 ? Kinds.Csv : Kinds.Lines) { Lines = lines };
        header.ForEach(shape.Add);
        shape.Names = shape._names.Keys.ToHashSet();
        return shape;
    }

    /// <summary>A name as the file has it.</summary>
    public string NameOf(string simplified) => _names.GetValueOrDefault(simplified, simplified);

    private static FileShape OfJson(TextFile file, List<string> lines)
    {
        // A list within the only object, or one that goes over several lines; several lines with an object each are what they look like.
        var isLines = lines.Count > 1 && lines.Take(2).All(line => line.TrimStart() is ['{', ..] && IsWhole(line));
        var start = isLines ? null : JsonRecords.StartIn(file.Head.Span);
        var shape = new FileShape(Kinds.Json) { Lines = lines, ListStart = start };
        var head = file.Head.Span;
        shape.AddNames(start is { } list ? head[(list + 1)..] : head);
        if (!isLines)
        {
            shape.AddNames(head);
        }
        else
        {
            lines.Take(5).ToList().ForEach(line => shape.AddNames(Repaired(line)));
        }

        shape.Names = shape._names.Keys.ToHashSet();
        return shape;
    }

    // The names of the first elements; of a document that is one line the head has only a part.
    private static FileShape OfXml(TextFile file, List<string> lines)
    {
        var shape = new FileShape(Kinds.Xml) { Lines = lines };
        foreach (Match element in ElementName().Matches(Encoding.UTF8.GetString(file.Head.Span)))
        {
            shape.Add(element.Groups["name"].Value);
        }

        shape.Names = shape._names.Keys.ToHashSet();
        return shape;
    }

    private static bool IsWhole(string line)
    {
        try
        {
            using var parsed = JsonDocument.Parse(Repaired(line));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static byte[] Repaired(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line);
        return LoggedEscapes.Repair(bytes) ?? bytes;
    }

    // The names in the first object, as far as it can be read.
    private void AddNames(ReadOnlySpan<byte> json)
    {
        var start = json.IndexOf((byte)'{');
        if (start < 0)
        {
            return;
        }

        try
        {
            var reader = new Utf8JsonReader(json[start..], isFinalBlock: false, default);
            var path = new Stack<string>();
            var name = "";
            while (_names.Count < MostNames && reader.Read() && (reader.TokenType != JsonTokenType.EndObject || reader.CurrentDepth > 0))
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        name = reader.GetString()!;
                        Add(string.Join('.', path.Reverse().Where(part => part.Length > 0).Append(name)));
                        break;
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        path.Push(reader.CurrentDepth == 0 ? "" : name);
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        path.Pop();
                        break;
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // What came before is told.
        }
    }

    private void Add(string name)
    {
        if (name.Length < 100 && _names.Count < MostNames)
        {
            _names.TryAdd(FieldNames.Simplify(name), name.Trim());
        }
    }

    private static List<string> FirstLines(TextFile file)
    {
        var (lines, encoding, rest) = (new List<string>(), new LineEncoding(), file.Head);
        while (!rest.IsEmpty && lines.Count < MostLines)
        {
            var end = rest.Span.IndexOf(file.LineBreak);
            if (end < 0 && rest.Length < file.Head.Length && file.Head.Length == TextFile.HeadLength)
            {
                // Only a part of a line.
                break;
            }

            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            encoding.TryRead(ref line);
            if (Encoding.UTF8.GetString(line.Span).TrimEnd('\r') is var text && !string.IsNullOrWhiteSpace(text))
            {
                lines.Add(text);
            }
        }

        return lines;
    }

    [GeneratedRegex(@"<(?<name>[A-Za-z_][\w.-]*)")]
    private static partial Regex ElementName();
}
