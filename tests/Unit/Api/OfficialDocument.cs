using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Spoo.Tests.Api;

/// <summary>One of spoo.me's own OpenAPI documents, without its prose.</summary>
internal sealed class OfficialDocument
{
    private OfficialDocument(string file) => Root = JsonElement.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "Official", file)));

    /// <summary>Of today's API.</summary>
    public static OfficialDocument Today { get; } = new("spoo-me-v1.json");

    /// <summary>Of the old API of forms.</summary>
    public static OfficialDocument Old { get; } = new("spoo-me-v0.json");

    public static IReadOnlyList<OfficialDocument> All { get; } = [Today, Old];

    public JsonElement Root { get; }

    public IEnumerable<(string Method, string Path)> Calls => Root.GetProperty("paths").EnumerateObject()
        .SelectMany(path => path.Value.EnumerateObject().Select(operation => (operation.Name.ToUpperInvariant(), path.Name)));

    /// <summary>The names of a schema's properties.</summary>
    public IEnumerable<string> Fields(string schema) =>
        Root.GetProperty("components").GetProperty("schemas").GetProperty(schema).GetProperty("properties").EnumerateObject().Select(property => property.Name);

    private static string Here([CallerFilePath] string here = "") => here;
}
