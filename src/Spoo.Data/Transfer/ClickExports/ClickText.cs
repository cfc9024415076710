using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Spoo.Data.Transfer.ClickExports;

/// <summary>
/// A way to write clicks, one a line, with the names and in the formats that <c>import clicks</c> reads. Fields are written one
/// behind the other as bytes, so that those which many clicks share are made once and copied.
/// </summary>
public abstract class ClickText
{
    public static ClickText Csv { get; } = new CsvText();

    public static ClickText Ndjson { get; } = new NdjsonText();

    public static IReadOnlyList<ClickText> All { get; } = [Csv, Ndjson];

    /// <summary>Value of <c>format=</c>, and what the file's name ends with.</summary>
    public abstract string Name { get; }

    public abstract string ContentType { get; }

    /// <summary>The first line of a file.</summary>
    internal abstract ReadOnlyMemory<byte> Header { get; }

    internal abstract byte[] LineEnd { get; }

    /// <summary>The format of this name, in any case.</summary>
    public static ClickText? Find(string? name) => All.FirstOrDefault(text => string.Equals(text.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>What stands before a number or a truth value.</summary>
    internal abstract byte[] Before(string field);

    /// <summary>What stands before a text that needs no escaping.</summary>
    internal abstract byte[] Opening(string field);

    /// <summary>What stands behind such a text.</summary>
    internal abstract byte[] Closing { get; }

    /// <summary>Writes any text. Null: no value.</summary>
    internal abstract void Text(IBufferWriter<byte> line, string field, string? value);

    /// <summary>Writes a number or a truth value. Null: no value.</summary>
    internal abstract void Plain(IBufferWriter<byte> line, string field, string? value);

    private sealed class CsvText : ClickText
    {
        private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(",\"\r\n");

        public override string Name => "csv";

        public override string ContentType => "text/csv; charset=utf-8; header=present";

        internal override ReadOnlyMemory<byte> Header { get; } = Encoding.ASCII.GetBytes(string.Join(',', ExportedFields.All) + "\r\n");

        internal override byte[] LineEnd { get; } = "\r\n"u8.ToArray();

        internal override byte[] Closing { get; } = [];

        internal override byte[] Before(string field) => field == ExportedFields.All[0] ? [] : ","u8.ToArray();

        internal override byte[] Opening(string field) => Before(field);

        internal override void Text(IBufferWriter<byte> line, string field, string? value)
        {
            line.Write(Opening(field));
            if (value is null)
            {
                return;
            }

            // A spreadsheet takes such a text for a formula, and strangers wrote it. Behind a tab it is none, and the one who reads the
            // file as data drops blanks around a value.
            var isFormula = value is ['=' or '+' or '-' or '@', ..];
            var text = isFormula || value.AsSpan().ContainsAny(NeedQuotes)
                ? $"\"{(isFormula ? "\t" : "")}{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
                : value;
            Encoding.UTF8.GetBytes(text, line);
        }

        internal override void Plain(IBufferWriter<byte> line, string field, string? value)
        {
            line.Write(Before(field));
            Encoding.UTF8.GetBytes(value ?? "", line);
        }
    }

    private sealed class NdjsonText : ClickText
    {
        public override string Name => "ndjson";

        public override string ContentType => "application/x-ndjson";

        internal override ReadOnlyMemory<byte> Header => default;

        internal override byte[] LineEnd { get; } = "}\n"u8.ToArray();

        internal override byte[] Closing { get; } = "\""u8.ToArray();

        internal override byte[] Before(string field) =>
            Encoding.ASCII.GetBytes($"{(field == ExportedFields.All[0] ? '{' : ',')}\"{field}\":");

        internal override byte[] Opening(string field) => [.. Before(field), .. Closing];

        internal override void Text(IBufferWriter<byte> line, string field, string? value)
        {
            if (value is not null)
            {
                line.Write(Opening(field));
                line.Write(JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
                line.Write(Closing);
            }
        }

        internal override void Plain(IBufferWriter<byte> line, string field, string? value)
        {
            if (value is not null)
            {
                line.Write(Before(field));
                Encoding.UTF8.GetBytes(value, line);
            }
        }
    }
}
