using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using Spoo.Data.Transfer.SpooMe;

namespace Spoo.Data.Transfer;

/// <summary>A file as its reader wants it: unpacked, in UTF-8 without a mark, and its beginning known before anything is taken.</summary>
internal sealed class TextFile : IAsyncDisposable
{
    /// <summary>How much of a file its format is recognised by, in bytes.</summary>
    public const int HeadLength = 64 * 1024;

    /// <summary>More files than that come in several archives: their names are in memory.</summary>
    public const int MaxFiles = 1_000;

    // The list of files at the end of an archive; read into memory as a whole.
    private const long MaxListLength = 1 << 20;

    private TextFile(string name, Stream content, ReadOnlyMemory<byte> head, string encoding)
    {
        (Name, Content, Head, Encoding) = (name, content, head, encoding);
        var (feeds, returns) = (head.Span.Count((byte)'\n'), head.Span.Count((byte)'\r'));

        // Files of a Mac of old, and of some spreadsheets still.
        LineBreak = returns > 0 && returns - head.Span.Count("\r\n"u8) > feeds ? (byte)'\r' : (byte)'\n';
    }

    /// <summary>For people; of a file in an archive its name there.</summary>
    public string Name { get; }

    public Stream Content { get; }

    /// <summary>The beginning of <see cref="Content"/>, which still has it.</summary>
    public ReadOnlyMemory<byte> Head { get; }

    /// <summary>What it was written in, as far as the beginning tells.</summary>
    public string Encoding { get; }

    /// <summary>What ends a line: a line feed, whether a carriage return stands before it or not, or a carriage return alone.</summary>
    public byte LineBreak { get; }

    /// <summary>The file, or those in it when it is a ZIP archive, one after the other. Each is disposed when the next is asked for.</summary>
    /// <exception cref="ClickFileException">It is a file of another program, in which there is no text to read.</exception>
    /// <exception cref="InvalidDataException">The archive is damaged.</exception>
    public static async IAsyncEnumerable<TextFile> OpenAsync(string name, Stream content, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var peek = new PeekStream(content);
        if (!(await peek.PeekAsync(4, cancellationToken)).Span.SequenceEqual("PK\x03\x04"u8))
        {
            await using var only = await UnpackAsync(name, peek, cancellationToken);
            yield return only;
            yield break;
        }

        // What stands at the end of an archive says what is in it, so all of it has to be there.
        await using var whole = new FileStream(
            Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        await peek.CopyToAsync(whole, cancellationToken);
        RefuseLongLists(whole);
        using var archive = new ZipArchive(whole, ZipArchiveMode.Read);
        if (await SpooMeArchive.ReadAsync(archive, cancellationToken) is { } report)
        {
            yield return Of(name, report);
            yield break;
        }

        if (Workbook.Is(archive))
        {
            throw new ClickFileException(new Message("'{0}' is an Excel workbook. Save the sheet as CSV and import that.", name));
        }

        var files = archive.Entries.Where(IsFile).OrderBy(entry => entry.FullName, StringComparer.Ordinal).ToList();
        if (files.Count is 0 or > MaxFiles)
        {
            throw new ClickFileException(files.Count == 0
                ? new Message("There is no file in the archive '{0}'.", name)
                : new Message("The archive '{0}' has more than {1:N0} files. Cut it into several archives.", name, MaxFiles));
        }

        foreach (var entry in files)
        {
            var unpacked = new CheckedStream(await entry.OpenAsync(cancellationToken), entry.Crc32);
            await using var file = await UnpackAsync(entry.FullName, new PeekStream(unpacked), cancellationToken);
            yield return file;
        }
    }

    /// <summary>A text of ours in the place of a file that says the same in another way.</summary>
    public static TextFile Of(string name, byte[] text) => new(name, new MemoryStream(text, writable: false), text.AsMemory(0, Math.Min(text.Length, HeadLength)), "UTF-8");

    /// <summary>The beginning as a file of its own.</summary>
    public TextFile Beginning() => new(Name, new MemoryStream(Head.ToArray(), writable: false), Head, Encoding);

    public ValueTask DisposeAsync() => Content.DisposeAsync();

    private static async Task<TextFile> UnpackAsync(string name, PeekStream packed, CancellationToken cancellationToken)
    {
        var first = (await packed.PeekAsync(16, cancellationToken)).ToArray();
        var content = first is [0x1F, 0x8B, ..] ? new PeekStream(new GZipStream(packed, CompressionMode.Decompress)) : packed;
        first = (await content.PeekAsync(16, cancellationToken)).ToArray();
        if (first.AsSpan().StartsWith("SQLite format 3"u8) || first is [(byte)'P', (byte)'K', 3, 4, ..])
        {
            throw new ClickFileException(first[0] == 'P'
                ? new Message("'{0}' is an archive within another. Unpack the outer one and import what is in it.", name)
                : new Message("'{0}' is a database and no file of text. Export the table from it as CSV and import that.", name));
        }

        var (encoding, mark) = EncodingOf(first);
        content.Skip(mark);
        if (encoding is not UTF8Encoding)
        {
            content = new PeekStream(System.Text.Encoding.CreateTranscodingStream(content, encoding, System.Text.Encoding.UTF8));
        }

        return new TextFile(name, content, (await content.PeekAsync(HeadLength, cancellationToken)).ToArray(), encoding is UTF8Encoding ? "UTF-8" : "UTF-16");
    }

    // Of UTF-16 without a mark: the first two characters of any of these files are of ASCII.
    private static (Encoding Encoding, int MarkLength) EncodingOf(ReadOnlySpan<byte> first) => first switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (new UTF8Encoding(false), 3),
        [0xFF, 0xFE, ..] => (System.Text.Encoding.Unicode, 2),
        [0xFE, 0xFF, ..] => (System.Text.Encoding.BigEndianUnicode, 2),
        [not 0, 0, not 0, 0, ..] => (System.Text.Encoding.Unicode, 0),
        [0, not 0, 0, not 0, ..] => (System.Text.Encoding.BigEndianUnicode, 0),
        _ => (new UTF8Encoding(false), 0),
    };

    /// <summary>Whether it is one that a person put there, and no folder or mark of a system.</summary>
    internal static bool IsFile(ZipArchiveEntry entry) =>
        !entry.FullName.EndsWith('/') && !entry.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal) && !entry.Name.StartsWith('.');

    // A list without end would fill the memory before it could be counted.
    private static void RefuseLongLists(FileStream archive)
    {
        const int EndLength = 22;
        const int OffsetOfStart = 16;
        var tail = new byte[(int)Math.Min(archive.Length, EndLength + ushort.MaxValue)];
        archive.Seek(-tail.Length, SeekOrigin.End);
        archive.ReadExactly(tail);
        archive.Seek(0, SeekOrigin.Begin);
        var end = tail.AsSpan().LastIndexOf("PK\x05\x06"u8);
        if (end < 0 || tail.Length - end < EndLength)
        {
            throw new InvalidDataException("the archive has no end");
        }

        // Of an archive of more than four gigabytes the place is written elsewhere.
        var start = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end + OffsetOfStart));
        if (start != uint.MaxValue && archive.Length - start > MaxListLength + ushort.MaxValue)
        {
            throw new InvalidDataException("the list of files in the archive is too long");
        }
    }
}
