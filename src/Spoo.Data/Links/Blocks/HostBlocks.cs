using System.Collections.Frozen;
using System.IO.Enumeration;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Data.Links.Destinations;

namespace Spoo.Data.Links.Blocks;

/// <summary>
/// Hosts to which no link leads, nor to any below them: those that administrators named, and those of a file. A star stands for any
/// letters, as in <c>paypal-*.example</c>. What is blocked here answers 451 at once and is what it was when the block ends.
/// </summary>
public sealed partial class HostBlocks(
    IDbContextFactory<SpooDbContext> contexts,
    LinkLookup lookup,
    AuditLog audit,
    ShorteningOptions options,
    IOptions<DataOptions> data,
    TimeProvider clock,
    ILogger<HostBlocks> logger)
{
    public const int MaxHostLength = 253;

    /// <summary>In the data folder, where no other file is set.</summary>
    private const string DefaultFile = "blocked-hosts.txt";

    private static readonly char[] Blanks = [' ', '\t'];

    private (string Path, DateTime Written, long Length)? _file;
    private IReadOnlyList<string> _ofFile = [];
    private IReadOnlyList<string> _ofTable = [];

    /// <summary>How many hosts the file names.</summary>
    public int InFile => _ofFile.Count;

    private string Path => options.BlockedHostsFile is { } file ? System.IO.Path.GetFullPath(file) : data.Value.PathOf(DefaultFile);

    /// <summary>The host as a name server is asked for it. Null: it is none.</summary>
    public static string? Parse(string? text)
    {
        var host = text?.Trim().TrimEnd('.').ToLowerInvariant() ?? "";
        if (host.StartsWith("*.", StringComparison.Ordinal))
        {
            host = host[2..];
        }

        // People may paste a whole address.
        if (host.Contains("://", StringComparison.Ordinal))
        {
            host = Uri.TryCreate(host, UriKind.Absolute, out var uri) ? uri.IdnHost : "";
        }
        else if (!host.All(char.IsAscii))
        {
            host = Uri.TryCreate($"http://{host}/", UriKind.Absolute, out var uri) ? uri.IdnHost : "";
        }

        return host.Length is > 0 and <= MaxHostLength && host.Any(c => c != '*') && host.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '*' or ':') ? host : null;
    }

    /// <summary>Takes over what the table and the file say now, and lets links to what is new or gone be looked up again.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        IReadOnlyList<string> ofTable = await context.BlockedHosts.Select(blocked => blocked.Host).OrderBy(host => host).ToListAsync(cancellationToken);
        var ofFile = ReadFile();
        if (!ofTable.SequenceEqual(_ofTable) || !ReferenceEquals(ofFile, _ofFile))
        {
            (_ofTable, _ofFile) = (ofTable, ofFile);
            lookup.BlockHosts(new HostList(ofTable.Concat(ofFile)));
        }
    }

    /// <summary>What administrators named, by host.</summary>
    public async Task<IReadOnlyList<BlockedHost>> ListAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return await context.BlockedHosts.AsNoTracking().OrderBy(blocked => blocked.Host).ToListAsync(cancellationToken);
    }

    /// <summary>From now on no link leads there.</summary>
    /// <param name="host">As <see cref="Parse"/> gives it.</param>
    /// <param name="actorId">Null: a command on the server.</param>
    public async Task BlockAsync(string host, string? reason, string? actorId, CancellationToken cancellationToken)
    {
        await using (var context = await contexts.CreateDbContextAsync(cancellationToken))
        {
            if (await context.BlockedHosts.FindAsync([host], cancellationToken) is { } blocked)
            {
                blocked.Reason = reason;
            }
            else
            {
                context.BlockedHosts.Add(new BlockedHost { Host = host, Reason = reason, CreatedAt = clock.GetUtcNow() });
            }

            await context.SaveChangesAsync(cancellationToken);
        }

        await audit.RecordAsync(actorId, AuditAct.HostBlocked, host, reason, cancellationToken);
        await ReloadAsync(cancellationToken);
    }

    /// <summary>False: it was not named.</summary>
    public async Task<bool> UnblockAsync(string host, string? actorId, CancellationToken cancellationToken)
    {
        await using (var context = await contexts.CreateDbContextAsync(cancellationToken))
        {
            if (await context.BlockedHosts.Where(blocked => blocked.Host == host).ExecuteDeleteAsync(cancellationToken) == 0)
            {
                return false;
            }
        }

        await audit.RecordAsync(actorId, AuditAct.HostUnblocked, host, null, cancellationToken);
        await ReloadAsync(cancellationToken);
        return true;
    }

    // The same list as before where the file is the same.
    private IReadOnlyList<string> ReadFile()
    {
        try
        {
            var file = new FileInfo(Path);
            if (!file.Exists)
            {
                _file = null;
                return _ofFile.Count == 0 ? _ofFile : [];
            }

            var now = (file.FullName, file.LastWriteTimeUtc, file.Length);
            if (_file == now)
            {
                return _ofFile;
            }

            var hosts = new HashSet<string>(StringComparer.Ordinal);
            foreach (var line in File.ReadLines(file.FullName))
            {
                // "0.0.0.0 evil.example # comment", as hosts files have it, or the host alone.
                var words = line.Split('#', 2)[0].Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
                if (words.Length > 0 && Parse(words[^1]) is { } host && host is not ("localhost" or "0.0.0.0"))
                {
                    hosts.Add(host);
                }
            }

            _file = now;
            FileRead(file.FullName, hosts.Count);
            return [.. hosts];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            FileNotRead(Path, exception.Message);
            return _ofFile;
        }
    }

    [LoggerMessage(LogLevel.Information, "{Count} hosts are blocked by {Path}.")]
    private partial void FileRead(string path, int count);

    [LoggerMessage(LogLevel.Warning, "The hosts of {Path} cannot be read and stay as they were: {Reason}")]
    private partial void FileNotRead(string path, string reason);
}

/// <summary>Hosts, to be looked through quickly.</summary>
internal sealed class HostList(IEnumerable<string> hosts)
{
    public static HostList Empty { get; } = new([]);

    private readonly FrozenSet<string> _names = hosts.Where(host => !host.Contains('*', StringComparison.Ordinal)).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    private readonly string[] _patterns = [.. hosts.Where(host => host.Contains('*', StringComparison.Ordinal))];

    /// <summary>Whether the host of this address is one of them, or below one.</summary>
    public bool Has(string longUrl)
    {
        if ((_names.Count == 0 && _patterns.Length == 0) || BrowserHost.OfUrl(longUrl) is not { } goesTo)
        {
            return false;
        }

        var names = _names.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var rest = goesTo.Name.AsSpan(); ;)
        {
            if (names.Contains(rest) || HasPattern(rest))
            {
                return true;
            }

            var dot = rest.IndexOf('.');
            if (dot < 0)
            {
                return false;
            }

            rest = rest[(dot + 1)..];
        }
    }

    private bool HasPattern(ReadOnlySpan<char> host)
    {
        foreach (var pattern in _patterns)
        {
            if (FileSystemName.MatchesSimpleExpression(pattern, host))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>Keeps <see cref="HostBlocks"/> up with what other nodes change, and what is written into the file.</summary>
public sealed class HostBlockRounds(HostBlocks blocks, TimeProvider clock, ILogger<HostBlockRounds> logger) : Rounds(clock, logger)
{
    // Before the first visitor, if the database answers.
    protected override TimeSpan FirstPause => TimeSpan.Zero;

    protected override TimeSpan PauseAfterFailure => OtherNodes.PauseAfterFailure;

    protected override async Task<TimeSpan> RoundAsync(CancellationToken cancellationToken)
    {
        await blocks.ReloadAsync(cancellationToken);
        return OtherNodes.Delay;
    }
}
