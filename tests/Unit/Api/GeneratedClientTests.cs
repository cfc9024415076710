using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;
using NSwag.CodeGeneration.OperationNameGenerators;
using Spoo.Tests.Support;

namespace Spoo.Tests.Api;

/// <summary>A client that a machine made of our reference, and that takes nothing but what the reference says.</summary>
public sealed class GeneratedClientTests(SpooApp app) : IClassFixture<SpooApp>
{
    [Fact]
    public async Task A_client_made_of_the_reference_makes_a_link_reads_its_numbers_is_told_what_is_wrong_and_gets_a_file()
    {
        var owner = await app.AddUserAsync();
        using var http = await app.WithKeyAsync(owner);
        var type = await ClientTypeAsync();
        dynamic client = Activator.CreateInstance(type, http)!;
        client.BaseUrl = "http://localhost/";

        dynamic body = Activator.CreateInstance(type.GetMethods().First(method => method.Name == "Shorten_ShortenAsync").GetParameters()[0].ParameterType)!;
        body.Long_url = "https://example.com/generated";
        body.Max_clicks = 5L;
        dynamic made = await client.Shorten_ShortenAsync(body);
        dynamic listed = await client.Links_ListAsync();
        dynamic stats = await client.Stats_GetOfLinkAsync((string)made.Id);
        dynamic me = await client.Account_MeAsync();
        using dynamic file = await client.Export_GetOfLinkAsync((string)made.Id, (dynamic)Enum.Parse(EnumOf(type, "Export_GetOfLinkAsync", 1), "Json"));
        using var text = new StreamReader((Stream)file.Stream);

        Assert.Equal(("https://example.com/generated", owner.Id, (string?)null), ((string)made.Long_url, (string)made.Owner_id, (string?)made.Claim_token));
        Assert.Equal((5L, "ACTIVE"), ((long)listed.Items[0].Max_clicks, (string)listed.Items[0].Status));
        Assert.Equal((0L, owner.Email), ((long)stats.Summary.Total_clicks, (string)me.User.Email));
        Assert.Contains("\"total_clicks\"", await text.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        body.Long_url = "nowhere";
        var refused = await Assert.ThrowsAnyAsync<Exception>(async () => await client.Shorten_ShortenAsync(body));
        dynamic problem = refused;
        Assert.Equal((400, "validation_error", "long_url"), ((int)problem.StatusCode, (string)problem.Result.Code, (string)problem.Result.Field));
    }

    private static Type EnumOf(Type client, string method, int parameter) =>
        client.GetMethods().First(candidate => candidate.Name == method).GetParameters()[parameter].ParameterType;

    private async Task<Type> ClientTypeAsync()
    {
        var document = await OpenApiDocument.FromJsonAsync((await app.Anonymous().JsonAsync("/openapi/v1.json")).GetRawText(), TestContext.Current.CancellationToken);
        var code = new CSharpClientGenerator(document, new CSharpClientGeneratorSettings
        {
            ClassName = "SpooClient",
            InjectHttpClient = true,
            GenerateOptionalParameters = true,
            OperationNameGenerator = new SingleClientFromOperationIdOperationNameGenerator(),
            CSharpGeneratorSettings = { Namespace = "Generated", GenerateNullableReferenceTypes = true },
        }).GenerateFile();
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "GeneratedClient", [CSharpSyntaxTree.ParseText(code, cancellationToken: TestContext.Current.CancellationToken)], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(10)));
        assembly.Position = 0;
        return AssemblyLoadContext.Default.LoadFromStream(assembly).GetType("Generated.SpooClient")!;
    }
}
