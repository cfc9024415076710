using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Spoo.Tests.Commands;
using Spoo.Tests.Support;

namespace Spoo.Tests.Transfer;

/// <summary>
/// Files that are made to fill the memory of their reader. The program reads each in a process of its own whose heap may not grow
/// beyond what it has when idle and fifty megabytes more: it would end with an error that cannot be overlooked.
/// </summary>
public sealed class HostileFilesTests(HostileFilesTests.Installation house) : IClassFixture<HostileFilesTests.Installation>
{
    /// <summary>Fifty megabytes above what the program has when it does nothing but know its rules.</summary>
    private const long Heap = (60 + 50) << 20;

    private const int Megabyte = 1_000_000;

    // What short ones cost is asked of other files; a bomb is large.
    private static readonly string LongBadLine = new string('n', 500) + "\n";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Files => new()
    {
        { "links", "bad lines" },
        { "links", "one line without end" },
        { "links", "a quote without end" },
        { "links", "one column after the other" },
        { "links", "the same code again and again" },
        { "csv", "bad lines" },
        { "csv", "one line without end" },
        { "csv", "a quote without end" },
        { "csv", "one column after the other" },
        { "csv", "a bomb" },
        { "csv", "a bomb of one line" },
        { "csv", "a bomb in an archive" },
        { "yourls-sql", "a row without end" },
        { "sink", "an object without end" },
        { "ndjson", "bad lines" },
        { "ndjson", "one line without end" },
        { "ndjson", "lists in lists" },
        { "ndjson", "names without end" },
        { "bitly", "lists in lists" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_reader_stays_small_and_says_what_is_wrong(string reader, string file)
    {
        string[] asked = reader == "links"
            ? ["import", "links", "-", "--owner", "ann@example.com", "--check"]
            : ["import", "clicks", "-", "--owner", "ann@example.com", "--format", reader];
        var start = CommandProcess.Start();
        Array.ForEach(asked, start.ArgumentList.Add);
        start.Environment["Data__Folder"] = house.Folder;
        start.Environment["DOTNET_GCHeapHardLimit"] = Heap.ToString("X", CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Cancelled);
        var error = process.StandardError.ReadToEndAsync(Cancelled);
        try
        {
            await WriteAsync(reader, file, process.StandardInput.BaseStream);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has said what is wrong and is gone already.
        }

        await process.WaitForExitAsync(Cancelled);
        var said = await output + await error;

        Assert.InRange(process.ExitCode, 1, 2);
        Assert.DoesNotContain("OutOfMemory", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        Assert.InRange(said.Split('\n').Length, 2, 130);
    }

    // Each is as long as it takes to fill the heap with what a reader would keep of it: the text itself, or some dozens of bytes for each line.
    private static Task WriteAsync(string reader, string file, Stream to) => file switch
    {
        "bad lines" => RepeatAsync(to, Header(reader), reader == "ndjson" ? "{\"time\":\"never\"}\n" : "no\n", reader == "ndjson" ? 12 : 5),
        "one line without end" => RepeatAsync(to, Header(reader), "0123456789,", 60),
        "a quote without end" => RepeatAsync(to, Header(reader) + "\"", "https://example.com/\n", 60),
        "one column after the other" => RepeatAsync(to, "long_url,short_code,time", ",x", 60),
        "the same code again and again" => RepeatAsync(to, Header(reader), "https://example.com/,same\n", 12),
        "a bomb" => BombAsync(to, Header(reader), LongBadLine, 60),
        "a bomb in an archive" => ArchiveAsync(to, Header(reader), LongBadLine, 60),
        "a row without end" => RepeatAsync(to, "INSERT INTO `yourls_log` VALUES ('", "0123456789,", 60),
        "an object without end" => RepeatAsync(to, "[{\"slug\":[", "{\"a\":1},", 60),
        "a bomb of one line" => BombAsync(to, Header(reader), "\0\0\0\0\0\0\0\0", 120),
        "lists in lists" => RepeatAsync(to, "", "{\"time\":" + new string('[', 30_000) + "\n", 30),
        "names without end" => NamesAsync(to, 15),
        _ => throw new ArgumentOutOfRangeException(nameof(file)),
    };

    private static string Header(string reader) => reader switch
    {
        "links" => "long_url,short_code\n",
        "csv" => "time,short_code\n",
        _ => "",
    };

    private static async Task RepeatAsync(Stream to, string first, string again, int megabytes)
    {
        await to.WriteAsync(Encoding.UTF8.GetBytes(first), Cancelled);
        var piece = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(again, Math.Max(1, Megabyte / again.Length))));
        for (var i = 0; i < megabytes; i++)
        {
            await to.WriteAsync(piece, Cancelled);
        }
    }

    private static async Task BombAsync(Stream to, string first, string again, int megabytes)
    {
        await using var packed = new GZipStream(to, CompressionLevel.Fastest, leaveOpen: true);
        await RepeatAsync(packed, first, again, megabytes);
    }

    private static async Task ArchiveAsync(Stream to, string first, string again, int megabytes)
    {
        using var archive = new ZipArchive(to, ZipArchiveMode.Create, leaveOpen: true);
        await using var packed = await archive.CreateEntry("clicks.csv", CompressionLevel.Fastest).OpenAsync(Cancelled);
        await RepeatAsync(packed, first, again, megabytes);
    }

    // Every object has another one.
    private static async Task NamesAsync(Stream to, int megabytes)
    {
        var line = new StringBuilder();
        for (var (written, number) = (0L, 0); written < (long)megabytes * Megabyte; written += line.Length)
        {
            line.Clear();
            for (var i = 0; i < 500; i++)
            {
                line.Append(i == 0 ? '{' : ',').Append(CultureInfo.InvariantCulture, $"\"name{number++}\":1");
            }

            await to.WriteAsync(Encoding.UTF8.GetBytes(line.Append("}\n").ToString()), Cancelled);
        }
    }

    /// <summary>One for all files: what none of them brings in is in nobody's way.</summary>
    public sealed class Installation : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        public string Folder => _folder.Path;

        public async ValueTask InitializeAsync()
        {
            MadeDatabase.PutInto(Folder);
            await using var app = new SpooApp { On = Folder };
            await app.AddUserAsync("ann@example.com");
        }

        public ValueTask DisposeAsync() => _folder.DisposeAsync();
    }
}
