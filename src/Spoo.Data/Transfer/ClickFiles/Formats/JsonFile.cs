using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Spoo.Data.Transfer.ClickFiles.Formats;

/// <summary>JSON objects, one a line or in a list. Fields within objects are called by both names with a dot between.</summary>
internal sealed class JsonFile(TextFile file, FileShape shape, ClickColumns columns, ClickFileOptions options)
    : ClickFile(shape.ListStart is { } start ? new JsonRecords(file.Content, start) : new LineReader(file.Content, lineBreak: file.LineBreak), options)
{
    /// <summary>Files may have other names in every object.</summary>
    private const int MaxRemembered = 1_000;

    private readonly ClickColumns _columns = columns.With(options.MappedFields);
    private readonly Dictionary<string, JsonField> _known = new(StringComparer.Ordinal);
    private readonly JsonNames _names = new("");

    public override IReadOnlyList<MappedColumn> Mapped =>
        [.. _known.Values.Where(known => known.Column is { Into.Length: > 0 }).Select(known => new MappedColumn(known.Name, known.Column!.Into))];

    protected override bool Parse(ReadOnlySpan<byte> text, ClickLine line)
    {
        try
        {
            var json = new Utf8JsonReader(LoggedEscapes.Repair(text) ?? text);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                line.Fault = new Message("not a JSON object");
                return true;
            }

            ReadObject(ref json, line, _names);

            // Anything behind the object is an error, too.
            json.Read();
        }
        catch (JsonException exception)
        {
            line.Fault = new Message("not valid JSON (byte {0})", exception.BytePositionInLine + 1);
        }
        catch (InvalidOperationException)
        {
            // Half of a character, written as an escape.
            line.Fault = new Message("a text in it is not valid Unicode");
        }

        return true;
    }

    private void ReadObject(ref Utf8JsonReader json, ClickLine line, JsonNames names)
    {
        names.Begin();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var field = names.Find(ref json) ?? names.Add(ref json, Field(json.GetString()!, names.Within));
            json.Read();
            if (json.TokenType == JsonTokenType.StartObject && field.Objects is { } objects)
            {
                ReadObject(ref json, line, objects);
            }
            else
            {
                ReadProperty(ref json, line, field);
            }
        }
    }

    private JsonField Field(string lastName, string within)
    {
        var name = within.Length == 0 ? lastName : $"{within}.{lastName}";
        if (!_known.TryGetValue(name, out var field))
        {
            field = new JsonField(name, _columns.Find(name), _columns.HasWithin(name) ? new JsonNames(name) : null);
            if (_known.Count < MaxRemembered)
            {
                _known[name] = field;
            }
        }

        return field;
    }

    private void ReadProperty(ref Utf8JsonReader json, ClickLine line, JsonField field)
    {
        if (field.Column is not { } column)
        {
            if (_columns.NotKept?.Contains(FieldNames.Simplify(field.Name)) == false && !_columns.IsMapped(field.Name))
            {
                NoteUnknown(field.Name);
            }

            json.Skip();
            return;
        }

        // Headers have lists of values, of which there is one.
        if (json.TokenType == JsonTokenType.StartArray && _columns.NotKept is null)
        {
            var depth = json.CurrentDepth;
            json.Read();
            Put(ref json, line, field, column);
            while (json.TokenType != JsonTokenType.EndArray || json.CurrentDepth > depth)
            {
                json.Read();
                json.Skip();
            }

            return;
        }

        Put(ref json, line, field, column);
    }

    private static void Put(ref Utf8JsonReader json, ClickLine line, JsonField field, ClickColumn column)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.String:
                if ((json.ValueIsEscaped || json.HasValueSequence ? json.GetString()! : field.Texts.Of(json.ValueSpan)) is { Length: > 0 } text)
                {
                    column.Put(line, text);
                }

                break;
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                column.Put(line, Encoding.ASCII.GetString(json.HasValueSequence ? json.ValueSequence.ToArray() : json.ValueSpan));
                break;
            case JsonTokenType.Null or JsonTokenType.EndArray:
                break;
            default:
                if (column.Into.Length > 0)
                {
                    line.Fault ??= new Message("'{0}' is a list or an object and not a single value", field.Name);
                }
                else
                {
                    column.Put(line, "");
                }

                json.Skip();
                break;
        }
    }
}

/// <summary>A field that objects of a file have.</summary>
/// <param name="Name">With those of the objects that it is in.</param>
/// <param name="Column">Null: it means nothing here.</param>
/// <param name="Objects">The properties of the object that it may be. Null: none of them means anything.</param>
internal sealed record JsonField(string Name, ClickColumn? Column, JsonNames? Objects)
{
    public RepeatedTexts Texts { get; } = new();
}

/// <summary>The properties of one kind of object, in the order in which the file has them: mostly the next one is the one behind the last.</summary>
/// <param name="within">The name of the object, empty for that of the line.</param>
internal sealed class JsonNames(string within)
{
    /// <summary>Objects have a few dozen properties; what comes behind is looked up by its text.</summary>
    private const int MaxKept = 64;

    private readonly List<(byte[] Name, JsonField Field)> _kept = [];
    private int _next;

    public string Within => within;

    public void Begin() => _next = 0;

    /// <summary>The field at whose name the reader stands. Null: it has not come before.</summary>
    public JsonField? Find(ref Utf8JsonReader json)
    {
        if (json.ValueIsEscaped || json.HasValueSequence)
        {
            return null;
        }

        for (var i = 0; i < _kept.Count; i++)
        {
            var at = _next + i;
            at -= at >= _kept.Count ? _kept.Count : 0;
            if (json.ValueSpan.SequenceEqual(_kept[at].Name))
            {
                _next = at + 1 == _kept.Count ? 0 : at + 1;
                return _kept[at].Field;
            }
        }

        return null;
    }

    public JsonField Add(ref Utf8JsonReader json, JsonField field)
    {
        if (_kept.Count < MaxKept && !json.ValueIsEscaped && !json.HasValueSequence)
        {
            _kept.Add((json.ValueSpan.ToArray(), field));
        }

        return field;
    }
}
