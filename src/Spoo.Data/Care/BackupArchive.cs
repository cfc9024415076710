using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Spoo.Data.Database;

namespace Spoo.Data.Care;

/// <summary>
/// An installation with SQLite as one zip file: database, journal, refused clicks, keys and settings as of one moment. What is unpacked is
/// looked through before it takes its place: every file's checksum, the database's own consistency, and how many clicks there should be.
/// </summary>
public sealed class BackupArchive(IOptions<DataOptions> options)
{
    private const string SettingsFile = "spoo.json";
    private const string ListFile = "backup.json";
    private const string LockFile = "lock";

    /// <summary>What it holds besides the database.</summary>
    private static readonly string[] Folders = ["journal", "keys", "refused"];

    private static readonly string[] CountedTables = ["Links", "Clicks", "AspNetUsers", "ClickWriters"];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly DataOptions _data = options.Value;

    /// <summary>Makes an archive, beside its place and moved there when it is whole.</summary>
    /// <exception cref="SettingException">It cannot be written.</exception>
    public async Task MakeAsync(string path, CancellationToken cancellationToken)
    {
        var (unfinished, copy) = (path + ".new", path + ".db");
        try
        {
            if (File.Exists(path))
            {
                throw new SettingException($"'{path}' is there already; choose another name, or move it away");
            }

            await using (var file = new FileStream(unfinished, StoreGate.ForOurselves()))
            {
                await using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
                {
                    await WriteAsync(zip, copy, cancellationToken);
                }

                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new SettingException($"cannot write '{path}': {exception.Message}", exception);
        }
        finally
        {
            File.Delete(unfinished);
            File.Delete(copy);
        }
    }

    /// <summary>Unpacks an archive beside the data folder's files, looks through it, and puts everything in its place, the database last.</summary>
    /// <exception cref="SettingException">The folder has a database already, or the archive is damaged; nothing has been put in place.</exception>
    public async Task UnpackAsync(string path, CancellationToken cancellationToken)
    {
        if (File.Exists(_data.PathOf(DataOptions.SqliteFile)))
        {
            throw new SettingException($"'{_data.PathOf()}' has a database already: restore into another folder with --data, or move this one away");
        }

        var beside = _data.PathOf($".restore-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(beside);
            await using (var zip = await ZipFile.OpenReadAsync(path, cancellationToken))
            {
                await ExtractAsync(zip, beside, path, cancellationToken);
            }

            PutInPlace(beside);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException or SqliteException or JsonException or NotSupportedException)
        {
            throw new SettingException($"cannot restore '{path}', and nothing was: {exception.Message}", exception);
        }
        finally
        {
            if (Directory.Exists(beside))
            {
                Directory.Delete(beside, recursive: true);
            }
        }
    }

    private async Task WriteAsync(ZipArchive zip, string copy, CancellationToken cancellationToken)
    {
        // The journal first: what is stored meanwhile is in the database, too, and is known by its number not to be stored twice.
        var names = Folders.SelectMany(FilesIn).Append(SettingsFile).Where(name => File.Exists(_data.PathOf(name)));
        var files = new List<string>();
        foreach (var name in names)
        {
            if (await AddAsync(zip, name, _data.PathOf(name), cancellationToken))
            {
                files.Add(name);
            }
        }

        CopyDatabase(_data.PathOf(DataOptions.SqliteFile), copy);
        await AddAsync(zip, DataOptions.SqliteFile, copy, cancellationToken);
        files.Add(DataOptions.SqliteFile);
        await using var list = await zip.CreateEntry(ListFile, CompressionLevel.Fastest).OpenAsync(cancellationToken);
        await JsonSerializer.SerializeAsync(list, new BackupList(files, Count(copy)), Json, cancellationToken);
    }

    private static async Task ExtractAsync(ZipArchive zip, string beside, string path, CancellationToken cancellationToken)
    {
        if (zip.GetEntry(DataOptions.SqliteFile) is null)
        {
            throw new SettingException($"'{path}' is no backup of Spoo: it has no {DataOptions.SqliteFile}");
        }

        foreach (var entry in zip.Entries)
        {
            if (!IsOurs(entry.FullName))
            {
                throw new InvalidDataException($"'{entry.FullName}' belongs in no backup");
            }

            await ExtractAsync(entry, Path.Combine(beside, entry.FullName), cancellationToken);
        }

        // Archives of earlier versions have no list.
        var database = Path.Combine(beside, DataOptions.SqliteFile);
        RequireConsistent(database);
        var list = Path.Combine(beside, ListFile);
        if (File.Exists(list))
        {
            var expected = JsonSerializer.Deserialize<BackupList>(await File.ReadAllBytesAsync(list, cancellationToken), Json)!;
            RequireWhole(beside, database, expected);
            File.Delete(list);
        }
    }

    private static async Task ExtractAsync(ZipArchiveEntry entry, string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var content = await entry.OpenAsync(cancellationToken);
        await using var file = new FileStream(path, StoreGate.ForOurselves());
        var buffer = new byte[1 << 16];
        var (sum, length) = (uint.MaxValue, 0L);
        for (int count; (count = await content.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            sum = Crc32(sum, buffer.AsSpan(0, count));
            length += count;
            await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }

        if (~sum != entry.Crc32 || length != entry.Length)
        {
            throw new InvalidDataException($"'{entry.FullName}' in it is damaged");
        }

        file.Flush(flushToDisk: true);
    }

    private static void RequireConsistent(string database)
    {
        using var connection = Open(database, SqliteOpenMode.ReadWrite);
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check(1)";
        if (command.ExecuteScalar() as string is not "ok" and var fault)
        {
            throw new InvalidDataException($"the database in it is damaged: {fault}");
        }
    }

    private static void RequireWhole(string beside, string database, BackupList expected)
    {
        if (expected.Files.FirstOrDefault(name => !File.Exists(Path.Combine(beside, name))) is { } missing)
        {
            throw new InvalidDataException($"'{missing}' is missing in it");
        }

        foreach (var (table, count) in Count(database))
        {
            if (expected.Rows.GetValueOrDefault(table) is var before && before != count)
            {
                throw new InvalidDataException(string.Create(
                    CultureInfo.InvariantCulture, $"the database in it has {count:N0} rows of {table}, and had {before:N0} when it was made"));
            }
        }
    }

    // What is there already is newer: the journal of a folder whose database was lost has clicks that the backup does not.
    private void PutInPlace(string beside)
    {
        var writer = Path.Combine("journal", "writer");
        var (here, there) = (_data.PathOf(writer), Path.Combine(beside, writer));
        if (File.Exists(here) && File.Exists(there) && File.ReadAllText(here) != File.ReadAllText(there))
        {
            throw new InvalidDataException($"the folder journal of '{_data.PathOf()}' belongs to another installation; move it away, or restore into another folder with --data");
        }

        var files = Directory.GetFiles(beside, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(beside, file));
        foreach (var name in files.OrderBy(name => name == DataOptions.SqliteFile))
        {
            var place = _data.PathOf(name);
            if (!File.Exists(place))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(place)!);
                File.Move(Path.Combine(beside, name), place);
            }
        }
    }

    private static bool IsOurs(string name) =>
        name is DataOptions.SqliteFile or SettingsFile or ListFile
        || (name.Split('/') is [var folder, { Length: > 0 } file] && Folders.Contains(folder) && file is not ("." or "..") && !file.Contains('\\', StringComparison.Ordinal));

    private static Dictionary<string, long> Count(string database)
    {
        using var connection = Open(database, SqliteOpenMode.ReadOnly);
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var table in CountedTables)
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT COUNT(*) FROM \"{table}\"";
            counts[table] = (long)command.ExecuteScalar()!;
        }

        return counts;
    }

    private static void CopyDatabase(string from, string to)
    {
        using var source = Open(from, SqliteOpenMode.ReadOnly);
        using var target = Open(to, SqliteOpenMode.ReadWriteCreate);
        source.BackupDatabase(target);
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private IEnumerable<string> FilesIn(string folder) => Directory.Exists(_data.PathOf(folder))
        ? Directory.EnumerateFiles(_data.PathOf(folder)).Select(file => $"{folder}/{Path.GetFileName(file)}").Where(name => Path.GetFileName(name) != LockFile)
        : [];

    private static async Task<bool> AddAsync(ZipArchive zip, string name, string path, CancellationToken cancellationToken)
    {
        FileStream content;
        try
        {
            content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (FileNotFoundException)
        {
            // A file of the journal, stored and deleted meanwhile.
            return false;
        }

        await using (content)
        {
            await using var entry = await zip.CreateEntry(name, CompressionLevel.Fastest).OpenAsync(cancellationToken);
            await content.CopyToAsync(entry, cancellationToken);
        }

        return true;
    }

    // The checksum of zip files, which their reader does not look at.
    private static uint Crc32(uint sum, ReadOnlySpan<byte> bytes)
    {
        foreach (var single in bytes)
        {
            sum = Crc32Table[(byte)(sum ^ single)] ^ (sum >> 8);
        }

        return sum;
    }

    private static readonly uint[] Crc32Table =
    [
        .. Enumerable.Range(0, 256).Select(number =>
        {
            var entry = (uint)number;
            for (var bit = 0; bit < 8; bit++)
            {
                entry = (entry & 1) == 1 ? (entry >> 1) ^ 0xEDB8_8320 : entry >> 1;
            }

            return entry;
        }),
    ];

    /// <summary>What an archive says of itself.</summary>
    /// <param name="Files">The names of its files.</param>
    /// <param name="Rows">Rows of the database's tables.</param>
    private sealed record BackupList(IReadOnlyList<string> Files, Dictionary<string, long> Rows);
}
