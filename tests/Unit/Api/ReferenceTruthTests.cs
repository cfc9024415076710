using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Spoo.Tests.Support;

namespace Spoo.Tests.Api;

/// <summary>The reference says what is so: a client made from it is made for the answers that come.</summary>
public sealed class ReferenceTruthTests(SpooApp app) : IClassFixture<SpooApp>
{
    [Fact]
    public async Task What_is_left_out_of_answers_is_not_required()
    {
        var schemas = (await app.Anonymous().JsonAsync("/openapi/v1.json")).GetProperty("components").GetProperty("schemas");

        Assert.Equal(["error", "code", "error_code"], Required(schemas.GetProperty("Problem")));
        Assert.DoesNotContain("claim_token", Required(schemas.GetProperty("ShortenedLink")));
        Assert.DoesNotContain("title", Required(schemas.GetProperty("LinkItem")));
        Assert.Contains("id", Required(schemas.GetProperty("LinkItem")));
    }

    [Fact]
    public async Task Numbers_are_numbers()
    {
        var text = (await app.Anonymous().JsonAsync("/openapi/v1.json")).GetRawText();

        Assert.DoesNotContain("(?:0|[1-9]", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_say_what_they_are_and_health_that_it_is_open()
    {
        var paths = (await app.Anonymous().JsonAsync("/openapi/v1.json")).GetProperty("paths");
        foreach (var path in paths.EnumerateObject().Where(path => path.Name.StartsWith("/api/v1/export", StringComparison.Ordinal)))
        {
            var content = path.Value.GetProperty("get").GetProperty("responses").GetProperty("200").GetProperty("content");

            Assert.NotEmpty(content.Names());
            Assert.All(content.EnumerateObject(), type => Assert.Equal("binary", type.Value.GetProperty("schema").Text("format")));
        }

        Assert.Empty(Assert.Single(paths.GetProperty("/health").GetProperty("get").GetProperty("security").EnumerateArray()).EnumerateObject());
    }

    [Fact]
    public async Task Every_example_is_as_its_schema_says()
    {
        var document = await app.Anonymous().JsonAsync("/openapi/v1.json");
        var examples = Examples(document, "").ToList();

        Assert.True(examples.Count > 40, $"only {examples.Count} examples were found");
        Assert.All(examples, example =>
        {
            var schema = JsonNode.Parse(example.Schema.GetRawText())!.AsObject();
            schema["$defs"] = JsonNode.Parse(document.GetProperty("components").GetProperty("schemas").GetRawText());
            var results = JsonSchema.FromText(schema.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal))
                .Evaluate(example.Value, new EvaluationOptions { OutputFormat = OutputFormat.List });
            Assert.True(results.IsValid, $"{example.Where}: {example.Value.GetRawText()}");
        });
    }

    private static IEnumerable<string> Required(JsonElement schema) => schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()!);

    /// <summary>Everything that has a schema and an example of it.</summary>
    private static IEnumerable<(string Where, JsonElement Schema, JsonElement Value)> Examples(JsonElement element, string where)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            if (element.TryGetProperty("schema", out var schema) && element.TryGetProperty("example", out var example))
            {
                yield return (where, schema, example);
            }

            foreach (var property in element.EnumerateObject())
            {
                foreach (var found in Examples(property.Value, $"{where}/{property.Name}"))
                {
                    yield return found;
                }
            }
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var found in element.EnumerateArray().SelectMany((item, number) => Examples(item, $"{where}/{number}")))
            {
                yield return found;
            }
        }
    }
}
