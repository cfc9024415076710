using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Spoo.Data.Stats.Counting.Columns;

namespace Spoo.Data.Stats.Live;

/// <summary>
/// Keeps the columns of each owner's clicks in a file, so that a restart need not make them again from the rows. A file that is
/// missing, damaged, of another version or another database is as good as none. docs/index-file.md describes the bytes.
/// </summary>
public sealed partial class ClickIndex(IOptions<DataOptions> data, ILogger<ClickIndex> log)
{
    /// <summary>"SPOOCLKS" in the order of the bytes. A machine that orders them otherwise takes it for a foreign file.</summary>
    private const long Signature = 0x534B_4C43_4F4F_5053;

    /// <summary>Goes up whenever the bytes come to mean something else.</summary>
    private const int Version = 2;

    private const int SmallWrites = 1 << 16;

    /// <summary>What a click takes in a file, about.</summary>
    private const int BytesOfClick = 16;

    private const string Extension = ".clicks";

    /// <summary>The name of the file of links without an owner.</summary>
    private const string Nobody = "nobody";

    public string PathOf(string? ownerId) => data.Value.PathOf("index", (ownerId ?? Nobody) + Extension);

    /// <summary>What decides which clicks of one owner are in memory; the others are in files in this folder.</summary>
    /// <param name="limit">Bytes that they may take.</param>
    internal ShardMemory MemoryOf(long limit) => new(limit, data.Value.PathOf("index"));

    /// <summary>How many clicks are in an owner's file, about, as its length says.</summary>
    internal long ClicksIn(string? ownerId) => new FileInfo(PathOf(ownerId)) is { Exists: true } file ? file.Length / BytesOfClick : 0;

    /// <summary>The moment that was saved last; null if there is none that may be believed.</summary>
    /// <param name="ownerId">Whose clicks.</param>
    /// <param name="epoch">The database's.</param>
    /// <param name="writers">The database's, as they are now.</param>
    /// <param name="links">The owner's links, as they are now. The clicks of others have been deleted, and are left out.</param>
    /// <param name="memory">Which clicks stay in memory; the others are read from the file again when they are counted.</param>
    internal ClickSnapshot? Load(string? ownerId, string epoch, FollowedWriters writers, IReadOnlySet<long> links, ShardMemory memory)
    {
        var path = PathOf(ownerId);
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, SmallWrites, FileOptions.SequentialScan);
            var isInUse = false;
            try
            {
                var read = Read(file, ownerId, epoch, writers, links, memory);
                isInUse = read.Columns.InFile > 0;
                return read;
            }
            finally
            {
                if (!isInUse)
                {
                    file.Dispose();
                }
            }
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            LogRefused(path, exception.Message);
            return null;
        }
    }

    /// <summary>What all files were made from. One that cannot be read, or is of another version, says that it is of no epoch.</summary>
    internal IEnumerable<ClickIndexFile> Files()
    {
        var folder = Path.GetDirectoryName(PathOf(null))!;
        foreach (var path in Directory.Exists(folder) ? Directory.GetFiles(folder, "*" + Extension) : [])
        {
            var name = Path.GetFileNameWithoutExtension(path);
            var read = new ClickIndexFile(name == Nobody ? null : name, null, []);
            try
            {
                using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, SmallWrites, FileOptions.SequentialScan);
                var reader = new IndexReader(file);
                var (epoch, _, _) = ReadHead(reader);
                read = read with { Epoch = epoch, Links = ClickCodes.Read(reader).LinkIds() };
            }
            catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                // Then it is of no use for counting either.
            }

            yield return read;
        }
    }

    /// <summary>Says that what <see cref="Load"/> has read is not to be believed, and why.</summary>
    internal void Refuse(string? ownerId, string reason) => LogRefused(PathOf(ownerId), reason);

    /// <summary>Writes beside the old file and takes its place when all is on the disk. What goes wrong is said in the log: rows are the truth.</summary>
    /// <param name="ownerId">Whose clicks.</param>
    /// <param name="moment">What is saved. Those of its clicks that are not in memory are read from the new file from now on.</param>
    /// <param name="memory">Holds the moment's clicks.</param>
    internal void Save(string? ownerId, ClickSnapshot moment, ShardMemory memory)
    {
        var path = PathOf(ownerId);
        var unfinished = $"{path}.{Guid.NewGuid():N}.new";
        try
        {
            DeleteAbandoned(Directory.CreateDirectory(Path.GetDirectoryName(path)!));
            WriteBeside(path, unfinished, ownerId, moment, memory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ColumnsLostException)
        {
            LogNotSaved(path, exception.Message);
        }
    }

    /// <summary>Deletes the file, if there is one. That it could not be done is said in the log.</summary>
    internal void Delete(string? ownerId)
    {
        var path = PathOf(ownerId);
        try
        {
            if (File.Exists(path))
            {
                File.Delete(path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotDeleted(path, exception.Message);
        }
    }

    private static void WriteBeside(string path, string unfinished, string? ownerId, ClickSnapshot moment, ShardMemory memory)
    {
        try
        {
            ShardSpan[] spans;
            using (var file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, SmallWrites))
            {
                spans = Write(new IndexWriter(file), ownerId, moment);
                file.Flush(flushToDisk: true);
            }

            // Opened before it gets its name, under which another process may put its own at any time.
            var written = moment.Columns.InFile == 0
                ? null
                : new FileStream(unfinished, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, SmallWrites);
            File.Move(unfinished, path, overwrite: true);
            if (written is not null)
            {
                memory.BeginAnew();
                moment.Columns.MoveTo(new ShardFile(written), spans);
            }
        }
        finally
        {
            File.Delete(unfinished); // still there only if something went wrong, such as a full disk
        }
    }

    /// <summary>Deletes what was left by a process that was killed while it saved; another one may still be writing its own.</summary>
    private static void DeleteAbandoned(DirectoryInfo folder)
    {
        foreach (var file in folder.EnumerateFiles("*.new").Where(file => file.LastWriteTimeUtc < DateTime.UtcNow.AddHours(-1)))
        {
            file.Delete();
        }
    }

    private static ShardSpan[] Write(IndexWriter writer, string? ownerId, ClickSnapshot moment)
    {
        writer.Write(Signature);
        writer.Write(Version);
        writer.Write(moment.Epoch);
        writer.Write(ownerId ?? "");
        writer.Write(moment.Writers.Count);
        foreach (var state in moment.Writers.All)
        {
            writer.Write(state.Id);
            writer.Write(state.CreatedAt);
            writer.Write(state.LastClickId);
            writer.Write(state.IsFinished ? 1 : 0);
            writer.Write(state.Last.ClickId);
            writer.Write(state.Last.LinkId);
            writer.Write(state.Last.Sum);
        }

        writer.EndSection();
        moment.Codes.Write(writer);
        return moment.Columns.Write(writer);
    }

    private static (string Epoch, string Owner, ClickWriterState[] Followed) ReadHead(IndexReader reader)
    {
        IndexReader.Require(reader.ReadInt64() == Signature, "it is not an index of clicks");
        IndexReader.Require(reader.ReadInt32() == Version, "it is of another version");
        var ofEpoch = reader.ReadText();
        var ofOwner = reader.ReadText();
        var followed = new ClickWriterState[reader.ReadCount(sizeof(long))];
        for (var i = 0; i < followed.Length; i++)
        {
            followed[i] = new ClickWriterState(
                reader.ReadInt32(),
                reader.ReadInt64(),
                reader.ReadInt64(),
                reader.ReadInt32() != 0,
                new ClickFingerprint(reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64()));
        }

        reader.EndSection();
        return (ofEpoch, ofOwner, followed);
    }

    private static ClickSnapshot Read(
        FileStream file, string? ownerId, string epoch, FollowedWriters writers, IReadOnlySet<long> links, ShardMemory memory)
    {
        var reader = new IndexReader(file);
        var (ofEpoch, ofOwner, followed) = ReadHead(reader);
        IndexReader.Require(ofEpoch == epoch, "it is of another database, or the stored clicks have been changed since");
        IndexReader.Require(ofOwner == (ownerId ?? ""), "it is another owner's");
        var known = writers.All.ToDictionary(writer => writer.Id);
        foreach (var before in followed)
        {
            IndexReader.Require(
                known.TryGetValue(before.Id, out var now) && now.CreatedAt == before.CreatedAt && now.LastClickId >= before.LastClickId,
                $"the database has not all clicks of writer {before.Id} that are in it");
        }

        var codes = ClickCodes.Read(reader);
        var gone = codes.LinkIds().Index().Where(link => !links.Contains(link.Item)).Select(link => link.Index).ToHashSet();
        var columns = ClickColumns.Read(reader, new ShardFile(file), codes.LinkCount, codes.ProfileCodes, codes.SourceCodes, memory, gone);
        reader.End();
        return new ClickSnapshot(columns, codes, epoch, FollowedWriters.Of(followed), default, 0);
    }

    [LoggerMessage(LogLevel.Warning, "The index {Path} is not used, and made again from the stored clicks: {Reason}")]
    private partial void LogRefused(string path, string reason);

    [LoggerMessage(LogLevel.Error, "The index {Path} of a deleted account could not be deleted; delete it by hand: {Reason}")]
    private partial void LogNotDeleted(string path, string reason);

    [LoggerMessage(LogLevel.Warning, "The index {Path} could not be saved, so the next start will take longer: {Reason}")]
    private partial void LogNotSaved(string path, string reason);
}

/// <summary>What an index file was made from.</summary>
/// <param name="OwnerId">Null: the file of links without an owner.</param>
/// <param name="Epoch">The <see cref="Clicks.ClickEpoch"/>. Null: the file cannot be read.</param>
/// <param name="Links">Every link whose clicks were ever in it, deleted ones included: what those clicks said still stands in it.</param>
internal sealed record ClickIndexFile(string? OwnerId, string? Epoch, IReadOnlyList<long> Links);
