using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Spoo.Data.Clicks.Facts;

namespace Spoo.Data.Database;

/// <summary>
/// Stands before the database, and knows which one it has to be: the node remembers that in its own folder. While the right one is away,
/// or another one answers in its place, everything that would ask it fails as if there were none, and nothing that it would say is
/// taken for the truth.
/// </summary>
public sealed class StoreGate
{
    private const string IdentityFile = "database";
    private const string VisitorsFile = "visitors";
    private const string WriterFile = "writer";

    private readonly string _identityPath;
    private readonly string _visitorsPath;
    private readonly string _writerPath;
    private volatile string? _closed;

    public StoreGate(IOptions<DataOptions> options)
    {
        _identityPath = options.Value.PathOf("journal", IdentityFile);
        _visitorsPath = options.Value.PathOf("keys", VisitorsFile);
        _writerPath = options.Value.PathOf("journal", WriterFile);
        Known = Read(_identityPath);
    }

    /// <summary>The identity of the database that this node stores into, in hexadecimal digits. Null: it has not met one yet.</summary>
    public string? Known { get; private set; }

    /// <summary>Why questions are not let through. Null: they are.</summary>
    public string? ClosedBecause => _closed;

    /// <summary>The key by which visitors are told apart, as the folder has it. Null: it has none yet.</summary>
    /// <exception cref="SettingException">The file holds something else.</exception>
    public VisitorKey? VisitorKey
    {
        get
        {
            try
            {
                return Read(_visitorsPath) is { } text ? VisitorKey.Parse(text) : null;
            }
            catch (Exception exception) when (exception is FormatException or ArgumentException or OverflowException)
            {
                throw new SettingException($"'{_visitorsPath}', by which visitors are told apart, is damaged: put it back from a backup or from another node", exception);
            }
        }
    }

    /// <summary>Where it lies.</summary>
    public string VisitorKeyPath => _visitorsPath;

    /// <summary>Number and name of the writer that this node is in its database. Null: it is none yet.</summary>
    public (int Number, string Name)? Writer =>
        Read(_writerPath)?.Split(' ') is [var number, var name, ..] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var writer)
            ? (writer, name)
            : null;

    public void Close(string reason) => _closed = reason;

    public void Open() => _closed = null;

    /// <exception cref="StoreAwayException">The database is away, or it is another one.</exception>
    public void Require()
    {
        if (_closed is { } reason)
        {
            throw new StoreAwayException(reason);
        }
    }

    /// <summary>Looks whether the database that has just answered is the one that it has to be.</summary>
    /// <exception cref="StoreAwayException">It is another one.</exception>
    public async Task RequireKnownAsync(SpooDbContext context, CancellationToken cancellationToken) =>
        Require(await IdentityOfAsync(context, cancellationToken));

    /// <summary>As <see cref="RequireKnownAsync"/>, for who has asked already.</summary>
    /// <exception cref="StoreAwayException">It is another one.</exception>
    public void Require(string? identity)
    {
        if (Known is not null && identity != Known)
        {
            Close("another database answers under the name of the one that this server stores into");
            Require();
        }
    }

    /// <summary>Null: it has none, as a database that an earlier version made.</summary>
    public static async Task<string?> IdentityOfAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        var value = await context.InstallationSecrets.AsNoTracking()
            .Where(secret => secret.Name == InstallationSecret.Database)
            .Select(secret => secret.Value)
            .SingleOrDefaultAsync(cancellationToken);
        return value is null ? null : Convert.ToHexStringLower(value);
    }

    /// <summary>From now on it has to be this one. To be said by the server, which holds the journal.</summary>
    public void Remember(string identity)
    {
        Write(_identityPath, identity);
        Known = identity;
    }

    /// <summary>Writes the key down; what it was before is not there any more.</summary>
    public void Keep(VisitorKey key) => Write(_visitorsPath, key.ToString());

    /// <summary>Writes a key down where there is none yet.</summary>
    /// <returns>The one that is there then: two processes may begin at the same time.</returns>
    public VisitorKey KeepFirst(VisitorKey key)
    {
        Write(_visitorsPath, key.ToString(), overwrite: false);
        return VisitorKey!;
    }

    /// <summary>How to make a file that other users of this machine cannot read.</summary>
    internal static FileStreamOptions ForOurselves()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private static string? Read(string path) => File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } text ? text : null;

    private static void Write(string path, string text, bool overwrite = true)
    {
        if (Read(path) == text)
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var beside = string.Create(CultureInfo.InvariantCulture, $"{path}.{Environment.ProcessId}.new");
        using (var file = new FileStream(beside, ForOurselves()))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{text}\n")));
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(beside, path, overwrite);
        }
        catch (IOException) when (!overwrite && File.Exists(path))
        {
            File.Delete(beside);
        }
    }
}

/// <summary>The database cannot be asked, by what this node knows of it.</summary>
public sealed class StoreAwayException : DbException
{
    public StoreAwayException(string message)
        : base(message)
    {
    }

    public StoreAwayException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public override bool IsTransient => true;
}
