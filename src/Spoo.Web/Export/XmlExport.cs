using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Xml;
using Spoo.Data.Stats.Report;
using Spoo.Web.Wire;

namespace Spoo.Web.Export;

/// <summary>What the API answers, as elements that each say their type in the words of spoo.me's exports.</summary>
internal sealed class XmlExport : ExportFormat
{
    // In the API's JSON a share of 70.0 is written 70; here it has to keep looking like the number it is.
    private static readonly JsonSerializerOptions WithFractions = new(ApiJson.Options) { Converters = { new FractionConverter() } };

    private static readonly XmlWriterSettings Utf8 = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        CloseOutput = false,
    };

    public override string Name => "xml";

    public override string ContentType => "application/xml";

    public override void Write(StatsReport report, ExportOptions options, Stream file) =>
        Write(JsonSerializer.SerializeToElement(StatsResponse.Of(report), WithFractions), file);

    /// <summary>A JSON object as such a file.</summary>
    public static void Write(JsonElement root, Stream file)
    {
        using var xml = XmlWriter.Create(file, Utf8);
        xml.WriteStartElement("root");
        foreach (var property in root.EnumerateObject())
        {
            WriteElement(xml, property.Name, property.Value);
        }

        xml.WriteEndElement();
    }

    private static void WriteElement(XmlWriter xml, string name, JsonElement value)
    {
        // A filter's name may end in "!" or "~", which no element's can.
        var fits = IsElementName(name);
        xml.WriteStartElement(fits ? name : "key");
        if (!fits)
        {
            xml.WriteAttributeString("name", name);
        }

        xml.WriteAttributeString("type", TypeOf(value));
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                {
                    WriteElement(xml, property.Name, property.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    WriteElement(xml, "item", item);
                }

                break;
            case JsonValueKind.Null:
                break;
            case JsonValueKind.String:
                xml.WriteString(XmlText.Legal(value.GetString()!));
                break;
            default:
                xml.WriteString(value.GetRawText());
                break;
        }

        xml.WriteFullEndElement();
    }

    private static bool IsElementName(string name)
    {
        try
        {
            XmlConvert.VerifyNCName(name);
            return true;
        }
        catch (XmlException)
        {
            return false;
        }
    }

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "dict",
        JsonValueKind.Array => "list",
        JsonValueKind.String => "str",
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Null => "null",
        _ => value.GetRawText().Contains('.', StringComparison.Ordinal) ? "float" : "int",
    };

    private sealed class FractionConverter : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.ToString("0.0###############", CultureInfo.InvariantCulture));
    }
}
