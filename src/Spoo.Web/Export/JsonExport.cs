using System.Text.Encodings.Web;
using System.Text.Json;
using Spoo.Data.Stats.Report;
using Spoo.Web.Wire;

namespace Spoo.Web.Export;

/// <summary>What the API answers, indented, and in plain ASCII so that no program can read it wrongly.</summary>
internal sealed class JsonExport : ExportFormat
{
    private static readonly JsonSerializerOptions Indented = new(ApiJson.Options)
    {
        WriteIndented = true,
        IndentSize = 4,
        Encoder = JavaScriptEncoder.Default,
    };

    public override string Name => "json";

    public override string ContentType => "application/json";

    public override void Write(StatsReport report, ExportOptions options, Stream file) =>
        JsonSerializer.Serialize(file, StatsResponse.Of(report), Indented);
}
