using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Spoo.Tests.Api;

namespace Spoo.Tests.Support;

/// <summary>
/// Stands before the product in every test: an answer of one of spoo.me's calls that is not as its official document says, as a strict
/// library would find, becomes an error that names the difference.
/// </summary>
internal sealed partial class OfficialShapes : IStartupFilter
{
    /// <summary>No answer of the product has this status.</summary>
    public const int NotAsPromised = 599;

    private static readonly IReadOnlyList<Promise> Promises = [.. OfficialDocument.All.SelectMany(PromisesOf)];

    private static readonly ConcurrentDictionary<(OfficialDocument Document, string Schema), JsonSchema> Schemas = [];

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(CheckAsync);
        next(app);
    };

    /// <summary>What is wrong with an answer. Null: nothing, or nothing is promised about it.</summary>
    internal static string? ProblemOf(string method, string path, int status, string json)
    {
        var promise = Promises.FirstOrDefault(promise => promise.Method == method && promise.Path.IsMatch(path));
        if (promise is null || !promise.Schemas.TryGetValue(status, out var text))
        {
            return null;
        }

        var schema = Schemas.GetOrAdd((promise.Document, text), key => JsonSchema.FromText(Complete(key.Document, key.Schema)));
        var results = schema.Evaluate(JsonElement.Parse(json), new EvaluationOptions { OutputFormat = OutputFormat.List });
        return results.IsValid
            ? null
            : string.Join("; ", (results.Details ?? []).Where(detail => detail.Errors is { Count: > 0 })
                .SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Value}")).Distinct().Take(10));
    }

    private static async Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var (method, path) = (context.Request.Method, context.Request.Path.Value ?? "");
        if (!Promises.Any(promise => promise.Method == method && promise.Path.IsMatch(path)))
        {
            await next(context);
            return;
        }

        var response = context.Response;
        var body = response.Body;
        using var buffer = new MemoryStream();
        response.Body = buffer;
        try
        {
            await next(context);
        }
        finally
        {
            response.Body = body;
        }

        var isJson = response.ContentType?.StartsWith("application/json", StringComparison.Ordinal) == true && response.Headers.ContentDisposition.Count == 0;
        if (isJson && ProblemOf(method, path, response.StatusCode, System.Text.Encoding.UTF8.GetString(buffer.ToArray())) is { } problem)
        {
            response.StatusCode = NotAsPromised;
            buffer.SetLength(0);
            await buffer.WriteAsync(System.Text.Encoding.UTF8.GetBytes($"{method} {path} does not answer as the official document says: {problem}"), CancellationToken.None);
            response.ContentLength = buffer.Length;
            response.ContentType = "text/plain";
        }

        buffer.Position = 0;
        await buffer.CopyToAsync(body, CancellationToken.None);
    }

    private static IEnumerable<Promise> PromisesOf(OfficialDocument document)
    {
        foreach (var path in document.Root.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                var schemas = new Dictionary<int, string>();
                foreach (var answer in operation.Value.GetProperty("responses").EnumerateObject())
                {
                    if (answer.Value.TryGetProperty("content", out var content)
                        && content.TryGetProperty("application/json", out var json)
                        && json.TryGetProperty("schema", out var schema)
                        && !schema.GetRawText().Contains("binary", StringComparison.Ordinal)
                        && !schema.GetRawText().Contains("JsonData", StringComparison.Ordinal))
                    {
                        schemas[int.Parse(answer.Name, System.Globalization.CultureInfo.InvariantCulture)] = schema.GetRawText();
                    }
                }

                var pattern = "^" + Parameter().Replace(Regex.Escape(path.Name).Replace("\\{", "{", StringComparison.Ordinal), "[^/]+") + "$";
                yield return new Promise(document, operation.Name.ToUpperInvariant(), new Regex(pattern, RegexOptions.CultureInvariant), path.Name, schemas);
            }
        }
    }

    /// <summary>A schema with all those that it refers to.</summary>
    private static string Complete(OfficialDocument document, string schema)
    {
        var whole = JsonNode.Parse(schema)!.AsObject();
        whole["$schema"] = "https://json-schema.org/draft/2020-12/schema";
        whole["$defs"] = JsonNode.Parse(document.Root.GetProperty("components").GetProperty("schemas").GetRawText());

        // The documents' own example of a short link has emoji in it, as they are.
        return whole.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal)
            .Replace("\"format\":\"uri\"", "\"format\":\"iri\"", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    private sealed record Promise(OfficialDocument Document, string Method, Regex Path, string Template, Dictionary<int, string> Schemas);
}
