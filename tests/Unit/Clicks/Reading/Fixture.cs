using System.IO.Compression;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Spoo.Tests.Clicks.Reading;

/// <summary>The test files of others, kept compressed in Fixtures/; its README tells where each is from.</summary>
internal static class Fixture
{
    private static readonly string[] FilesOfUserAgents = ["test_ua", "test_os", "test_device", "pgts_browser_list", "podcasting_user_agent_strings"];

    public static StreamReader Open(string name)
    {
        var file = typeof(Fixture).Assembly.GetManifestResourceStream($"Fixtures/{name}") ?? throw new FileNotFoundException(name);
        return new(new GZipStream(file, CompressionMode.Decompress), Encoding.UTF8);
    }

    public static IEnumerable<string> Lines(string name)
    {
        using var reader = Open(name);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    /// <summary>Every User-Agent of the uap-core project's own tests.</summary>
    public static IEnumerable<string> UserAgents() =>
        FilesOfUserAgents.SelectMany(UapCases).Select(each => each["user_agent_string"]).Distinct();

    /// <summary>The cases of one of the uap-core project's files: flat maps below "test_cases".</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> UapCases(string name)
    {
        using var reader = Open($"uap-core-{name}.yaml.gz");
        var parser = new Parser(reader);
        var cases = new List<IReadOnlyDictionary<string, string>>();
        Dictionary<string, string>? current = null;
        string? key = null;
        var depth = 0;
        while (parser.MoveNext())
        {
            switch (parser.Current)
            {
                case MappingStart when ++depth == 2:
                    current = [];
                    break;
                case MappingEnd when depth-- == 2:
                    cases.Add(current!);
                    break;
                case Scalar scalar when depth == 2:
                    (key, _) = key is null ? (scalar.Value, "") : (null, current![key] = scalar.Value);
                    break;
            }
        }

        return cases;
    }
}
