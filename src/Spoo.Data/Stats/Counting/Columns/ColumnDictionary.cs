namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>
/// Text ↔ small number, for one attribute. Code 0 is null: the value is not known. Codes are handed out in order of first
/// appearance and never change, so a reader may look one up while a writer adds others.
/// </summary>
public sealed class ColumnDictionary
{
    private readonly Dictionary<string, int> _codes = new(StringComparer.Ordinal);
    private readonly Lock _adding = new();

    // Grown by copying, so a reader that holds the old array still finds every code it knows of.
    private string?[] _texts = new string?[16];
    private int _count = 1;

    /// <summary>How many codes there are, code 0 included.</summary>
    public int Count => Volatile.Read(ref _count);

    public string? this[int code]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(code, Count);
            return Volatile.Read(ref _texts)[code];
        }
    }

    /// <summary>The text's code, which is a new one if the text is.</summary>
    public int Add(string? text)
    {
        if (text is null)
        {
            return 0;
        }

        lock (_adding)
        {
            if (_codes.TryGetValue(text, out var code))
            {
                return code;
            }

            code = _count;
            if (code == _texts.Length)
            {
                var larger = new string?[code * 2];
                _texts.CopyTo(larger, 0);
                Volatile.Write(ref _texts, larger);
            }

            _texts[code] = text;
            _codes.Add(text, code);
            Volatile.Write(ref _count, code + 1);
            return code;
        }
    }

    /// <summary>The text's code, or null if no click ever had that text.</summary>
    public int? Find(string? text)
    {
        if (text is null)
        {
            return 0;
        }

        lock (_adding)
        {
            return _codes.TryGetValue(text, out var code) ? code : null;
        }
    }

    internal static ColumnDictionary Read(IndexReader reader)
    {
        var dictionary = new ColumnDictionary();
        var count = reader.ReadCount(sizeof(int));
        for (var code = 1; code < count; code++)
        {
            IndexReader.Require(dictionary.Add(reader.ReadText()) == code, "a text occurs twice among the values of a dimension");
        }

        reader.EndSection();
        return dictionary;
    }

    internal void Write(IndexWriter writer)
    {
        var count = Count;
        writer.Write(count);
        foreach (var text in Volatile.Read(ref _texts).AsSpan(1, count - 1))
        {
            writer.Write(text!);
        }

        writer.EndSection();
    }
}
