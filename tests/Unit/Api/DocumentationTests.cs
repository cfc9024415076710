using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Spoo.Tests.Support;

namespace Spoo.Tests.Api;

/// <summary>What the documentation shows is what happens.</summary>
public sealed partial class DocumentationTests
{
    [Fact]
    public async Task Every_example_of_the_documentation_answers_as_it_says()
    {
        await using var app = new SpooApp();
        var variables = await PrepareAsync(app);

        var examples = Example().Matches(Text("docs", "api.md"));

        Assert.NotEmpty(examples);
        foreach (Match example in examples)
        {
            var answer = await new CurlCommand(example.Groups["command"].Value, variables).RunAsync(app.Anonymous());
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Compare(JsonElement.Parse(example.Groups["answer"].Value), JsonElement.Parse(text), variables, $"{example.Groups["command"].Value}\n{text}\n");
        }

        Assert.Equal(CurlLine().Count(Text("docs", "api.md")), examples.Count);
    }

    [Fact]
    public async Task The_curl_commands_of_the_readme_work()
    {
        await using var app = new SpooApp();
        var variables = await PrepareAsync(app);
        variables["key"] = variables["KEY"];

        var commands = CurlLine().Matches(Text("README.md"));

        Assert.NotEmpty(commands);
        foreach (Match command in commands)
        {
            var answer = await new CurlCommand(command.Value.Trim(), variables).RunAsync(app.Anonymous());
            Assert.True(answer.IsSuccessStatusCode, $"{command.Value}: {(int)answer.StatusCode}");
        }
    }

    /// <summary>The account that the documentation speaks of.</summary>
    private static async Task<Dictionary<string, string>> PrepareAsync(SpooApp app)
    {
        var owner = await app.AddUserAsync("you@example.com");
        var link = await app.AddAsync(Some.Link("spring", owner));
        await app.AddAsync(Enumerable.Range(0, 12).Select(number => Some.Click(link, Some.Noon.AddMinutes(number), visitor: number % 10) with
        {
            Browser = number % 2 == 0 ? "Chrome" : "Firefox",
            Country = number is < 6 or > 9 ? "DE" : "FR",
        }));
        return new() { ["KEY"] = await app.AddKeyAsync(owner) };
    }

    /// <summary>
    /// Everything that is expected has to be there; there may be more. "…" is anything, at the end of a list anything more, and "$NAME" a
    /// value that is the same everywhere.
    /// </summary>
    private static void Compare(JsonElement expected, JsonElement actual, Dictionary<string, string> variables, string where)
    {
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in expected.EnumerateObject())
                {
                    Assert.True(actual.TryGetProperty(property.Name, out var value), $"{where}: no {property.Name}");
                    Compare(property.Value, value, variables, $"{where}.{property.Name}");
                }

                break;
            case JsonValueKind.Array:
                var items = expected.EnumerateArray().ToList();
                var isOpen = items.Count > 0 && items[^1].ValueKind == JsonValueKind.String && items[^1].GetString() == "…";
                Assert.True(isOpen ? actual.GetArrayLength() >= items.Count - 1 : actual.GetArrayLength() == items.Count, where);
                foreach (var (number, item) in items.Take(items.Count - (isOpen ? 1 : 0)).Index())
                {
                    Compare(item, actual[number], variables, $"{where}[{number}]");
                }

                break;
            case JsonValueKind.String when expected.GetString() == "…":
                break;
            case JsonValueKind.String when expected.GetString()!.StartsWith('$'):
                var name = expected.GetString()![1..];
                variables.TryAdd(name, actual.GetString()!);
                Assert.Equal(variables[name], actual.GetString());
                break;
            default:
                Assert.True(JsonElement.DeepEquals(expected, actual), $"{where}: {expected.GetRawText()} became {actual.GetRawText()}");
                break;
        }
    }

    private static string Text(params string[] path) =>
        File.ReadAllText(Path.Combine([Path.GetDirectoryName(Here())!, "..", "..", "..", .. path])).ReplaceLineEndings("\n");

    private static string Here([CallerFilePath] string here = "") => here;

    [GeneratedRegex(@"```sh\n(?<command>curl .*?)\n```\n\n```json\n(?<answer>.*?)\n```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Example();

    [GeneratedRegex(@"^ *curl (.*\\\n)*.*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex CurlLine();
}
