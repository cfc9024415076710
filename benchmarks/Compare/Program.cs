using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spoo.Compare;

// An engine is asked until it has answered so often, or so long; at least once.
const int MostRepeats = 60;
const double EnoughMilliseconds = 10_000;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is [SpooEngine.Verb, var folder])
{
    return SpooEngine.Answer(folder);
}

if (Arguments.Parse(args) is not { } options)
{
    return 1;
}

var work = Directory.CreateDirectory(Path.Combine(options.Cache, "work-" + Environment.ProcessId)).FullName;
try
{
    return Compare();
}
finally
{
    Directory.Delete(work, recursive: true);
}

int Compare()
{
    ClickData data;
    try
    {
        data = options.Data is { } file ? ClickData.Read(file) : ClickData.Generate(options.Clicks, options.Seed);
    }
    catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine($"compare: {exception.Message}");
        return 1;
    }

    if (data.Count == 0)
    {
        Console.Error.WriteLine("compare: there are no clicks");
        return 1;
    }

    var csv = Path.Combine(work, "clicks.csv");
    data.WriteCsv(csv);
    var questions = Question.About(data);
    var machine = $"{Machine.Describe()}; load {Machine.Load()} at the start";
    Console.WriteLine($"{machine}\n{data.Count:N0} clicks\n");

    var (limits, bytes) = Limits(data, questions);
    var results = questions.ToDictionary(question => question.Name, _ => new Dictionary<string, (double Cold, List<double> Warm, List<AnswerRow> Rows)>());
    var (versions, loading, failures) = (new JsonObject(), new JsonObject(), new JsonObject());
    foreach (var engine in options.Engines.Select(name => EngineOf(name, work, options.EnginesFolder)))
    {
        try
        {
            var start = Stopwatch.GetTimestamp();
            engine.Load(data, csv);
            loading[engine.Name] = Math.Round(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            versions[engine.Name] = engine.Description;
            Console.Error.WriteLine($"{engine.Description}: took the clicks in within {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");
            foreach (var question in questions)
            {
                results[question.Name][engine.Name] = Ask(engine, question);
            }
        }
        catch (Exception exception) when (exception is EngineException or IOException or System.ComponentModel.Win32Exception)
        {
            failures[engine.Name] = exception.Message;
            Console.WriteLine($"{engine.Name} could not be asked: {exception.Message}\n");
        }
        finally
        {
            engine.End();
        }

        // After each engine, because the slow ones take an hour and may be stopped.
        WriteJson();
    }

    Table.Write(questions, limits, results);
    return failures.Count == 0 && results.Values.All(result => Table.Identical(result.Values)) ? 0 : 2;

    void WriteJson()
    {
        if (options.Json is not { } path)
        {
            return;
        }

        var answer = new JsonObject
        {
            ["machine"] = $"{machine}, {Machine.Load()} at the end",
            ["clicks"] = data.Count,
            ["bytes_per_click"] = Math.Round(bytes / (double)data.Count, 2),
            ["versions"] = versions.DeepClone(),
            ["load_ms"] = loading.DeepClone(),
            ["failed"] = failures.DeepClone(),
            ["questions"] = new JsonObject(questions.Select(question => KeyValuePair.Create<string, JsonNode?>(question.Name, new JsonObject
            {
                ["title"] = question.Title,
                ["limit_ms"] = Math.Round(limits[question.Name], 3),
                ["identical"] = Table.Identical(results[question.Name].Values),
                ["engines"] = new JsonObject(results[question.Name].Select(result => KeyValuePair.Create<string, JsonNode?>(result.Key, new JsonObject
                {
                    ["cold_ms"] = Math.Round(result.Value.Cold, 3),
                    ["warm_ms"] = new JsonArray([.. result.Value.Warm.Select(milliseconds => JsonValue.Create(Math.Round(milliseconds, 3)))]),
                }))),
            }))),
        };
        File.WriteAllText(path, answer.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
    }
}

static Engine EngineOf(string name, string work, string engines) => name switch
{
    "spoo" => new SpooEngine(Path.Combine(work, name)),
    "clickhouse" => new ClickHouseEngine(Path.Combine(work, name), engines),
    "duckdb" => new DuckDbEngine(Path.Combine(work, name), engines),
    "postgres" => new PostgresEngine(Path.Combine(work, name)),
    _ => new SqliteEngine(Path.Combine(work, name)),
};

static (Dictionary<string, double> Limits, long Bytes) Limits(ClickData data, List<Question> questions)
{
    var columns = data.ToColumns();
    return (questions.ToDictionary(question => question.Name, question => MachineLimit.Of(columns, question)), columns.Bytes);
}

static (double Cold, List<double> Warm, List<AnswerRow> Rows) Ask(Engine engine, Question question)
{
    using var process = engine.Start();
    var requests = engine.Requests(question).ToList();
    var (rows, cold) = process.Ask(requests);
    var warm = new List<double>();
    for (var spent = 0.0; warm.Count == 0 || (warm.Count < MostRepeats && spent < EnoughMilliseconds); spent += warm[^1])
    {
        var (again, milliseconds) = process.Ask(requests);
        if (!again.SequenceEqual(rows))
        {
            throw new EngineException($"{question.Name} had another answer the second time");
        }

        warm.Add(milliseconds);
    }

    return (cold, warm, rows);
}

internal static class Machine
{
    public static string Describe()
    {
        var processor = Find("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString();
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L << 30);
        return $"{processor}, {Environment.ProcessorCount} cores, {memory} GB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";
    }

    /// <summary>How many programs wanted a core in the last minute; what is more than the cores makes every engine slower.</summary>
    public static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private static string? Find(string file, string field) => !File.Exists(file)
        ? null
        : File.ReadLines(file).FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
}

internal static class Table
{
    public static bool Identical(IEnumerable<(double Cold, List<double> Warm, List<AnswerRow> Rows)> results) =>
        results.Zip(results.Skip(1), (one, other) => one.Rows.SequenceEqual(other.Rows)).All(same => same);

    public static void Write(
        List<Question> questions,
        Dictionary<string, double> limits,
        Dictionary<string, Dictionary<string, (double Cold, List<double> Warm, List<AnswerRow> Rows)>> results)
    {
        Console.WriteLine("Milliseconds, the best of several; × = how many times the first engine's. Limit: merely reading the bytes.\n");
        foreach (var question in questions)
        {
            var answers = results[question.Name];
            var rows = answers.Values.FirstOrDefault().Rows?.Count ?? 0;
            Console.WriteLine($"{question.Name}  {question.Title}: {rows:N0} rows, {(Identical(answers.Values) ? "identical" : "NOT IDENTICAL")}; limit {limits[question.Name]:F2}");
            foreach (var (name, (cold, warm, own)) in answers)
            {
                Console.WriteLine($"    {name,-11}{warm.Min(),11:F1}   ×{warm.Min() / answers.Values.First().Warm.Min(),-8:F1} cold {cold,11:F1}   of {warm.Count}");
                if (!own.SequenceEqual(answers.Values.First().Rows))
                {
                    var differing = own.Except(answers.Values.First().Rows).Concat(answers.Values.First().Rows.Except(own)).Take(2);
                    Console.WriteLine($"        differs: {string.Join("  ", differing)}");
                }
            }

            Console.WriteLine();
        }
    }
}
