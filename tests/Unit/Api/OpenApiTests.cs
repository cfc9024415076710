using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Spoo.Tests.Database;
using Spoo.Tests.Support;

namespace Spoo.Tests.Api;

public sealed class OpenApiTests(SpooApp app) : IClassFixture<SpooApp>
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerOptions.Default)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>
    /// A change of the public surface is a visible change of the approved file. Where it is intended, the test is run once with
    /// SPOO_APPROVE=1 in the environment, and the difference is read.
    /// </summary>
    [Fact]
    public async Task The_public_surface_is_the_approved_one()
    {
        var now = JsonNode.Parse(await TextAsync("/openapi/v1.json"))!.ToJsonString(Indented).ReplaceLineEndings("\n") + "\n";

        Approved.Equal(now, "openapi.v1.json");
    }

    [Fact]
    public async Task Every_action_is_described_with_an_example_and_its_errors()
    {
        var document = JsonElement.Parse(await TextAsync("/openapi/v1.json"));
        var operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => operation.Value)).ToList();

        // Short.io's calls and those of the old API are not ours to describe; docs/short-io.md and docs/compatibility.md say what they answer.
        var actions = app.Get<IActionDescriptorCollectionProvider>().ActionDescriptors.Items.OfType<ControllerActionDescriptor>()
            .Where(action => action.ControllerTypeInfo.Namespace is not ("Spoo.Web.Api.ShortIo" or "Spoo.Web.Api.Legacy"));

        Assert.StartsWith("3.1", document.Text("openapi"), StringComparison.Ordinal);
        Assert.Equal(
            actions.Select(action => $"{action.ControllerName}_{action.MethodInfo.Name}").Append("Health").Order(StringComparer.Ordinal),
            operations.Select(operation => operation.Text("operationId")).Order(StringComparer.Ordinal));
        Assert.All(operations, operation =>
        {
            Assert.NotEmpty(operation.Text("summary"));
            Assert.Contains("503", operation.GetProperty("responses").Names());
            if (operation.TryGetProperty("requestBody", out var body))
            {
                Assert.True(body.GetProperty("content").GetProperty("application/json").Has("example"));
            }
        });
    }

    [Fact]
    public async Task The_reference_page_needs_no_other_host()
    {
        var page = await TextAsync("/docs/index.html");
        var script = await TextAsync("/js/api-reference.js");

        Assert.Contains("swagger-ui-bundle.js", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"http", page, StringComparison.Ordinal);
        Assert.Contains("/js/api-reference.js", page, StringComparison.Ordinal);
        Assert.Contains("/openapi/v1.json", script, StringComparison.Ordinal);
        Assert.NotEmpty(await TextAsync("/docs/swagger-ui-bundle.js"));
        var redirect = await app.Anonymous().GetAsync("/docs", TestContext.Current.CancellationToken);
        Assert.EndsWith("docs/index.html", redirect.Headers.Location?.ToString(), StringComparison.Ordinal);
    }

    private async Task<string> TextAsync(string address)
    {
        var answer = await app.Anonymous().GetAsync(address, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return text;
    }
}
