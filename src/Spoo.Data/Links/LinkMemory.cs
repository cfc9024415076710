using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Spoo.Data.Database;
using Spoo.Data.Links.Domains;

namespace Spoo.Data.Links;

/// <summary>
/// The links that visitors asked for, and the domains they are on, in a small file beside the index: with it a server that starts while its database is away sends
/// visitors on all the same. Deleting it loses nothing.
/// </summary>
public sealed partial class LinkMemory(LinkLookup links, KnownDomains domains, StoreGate gate, IOptions<DataOptions> options, ILogger<LinkMemory> logger)
{
    /// <summary>First in the file, before the database's identity.</summary>
    private const string Title = "spoo-links-2";

    /// <summary>As <see cref="Title"/>, of versions that knew one domain.</summary>
    private const string EarlierTitle = "spoo-links-1";

    /// <summary>First in the line of a domain; no link's line begins like that.</summary>
    private const char DomainMark = '@';

    private const int MostLinks = 100_000;

    private static readonly JsonSerializerOptions Json = new() { IgnoreReadOnlyProperties = true };

    private readonly string _path = options.Value.PathOf("index", "links");

    /// <summary>Reads what an earlier process has left. A file that is damaged, or another database's, is as good as none.</summary>
    public void Recall()
    {
        try
        {
            if (File.Exists(_path) && gate.Known is { } database)
            {
                var (knownDomains, known) = Read(File.ReadAllText(_path), database);
                domains.Recall(knownDomains);
                links.Recall(known);
                Recalled(known.Count);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or JsonException)
        {
            NotRecalled(_path, exception.Message);
        }
    }

    /// <summary>Writes beside the old file and takes its place. While the database is away nothing is learnt, and nothing is written.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Save()
    {
        // A file without domains would say that there are none.
        if (gate.Known is not { } database || gate.ClosedBecause is not null || !domains.IsLoaded)
        {
            return;
        }

        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{Title} {database}\n"));
        foreach (var domain in domains.All)
        {
            text.Append(DomainMark).Append(' ').Append(JsonSerializer.Serialize(domain, Json)).Append('\n');
        }

        foreach (var (key, link) in links.Known(MostLinks))
        {
            text.Append(key).Append(' ').Append(JsonSerializer.Serialize(link, Json)).Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $"{Crc32C.Of(Encoding.UTF8.GetBytes(text.ToString())):x8}\n");
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        File.Delete(_path + ".new");
        using (var file = new FileStream(_path + ".new", StoreGate.ForOurselves()))
        {
            file.Write(Encoding.UTF8.GetBytes(text.ToString()));
        }

        File.Move(_path + ".new", _path, overwrite: true);
    }

    private static (List<KnownDomain> Domains, List<(string Key, KnownLink Link)> Links) Read(string text, string database)
    {
        var end = text.TrimEnd('\n').LastIndexOf('\n') + 1;
        if (end == 0 || text[end..].Trim() != Crc32C.Of(Encoding.UTF8.GetBytes(text[..end])).ToString("x8", CultureInfo.InvariantCulture))
        {
            throw new InvalidDataException("its checksum is wrong");
        }

        var lines = text[..end].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines[0] != $"{Title} {database}" && lines[0] != $"{EarlierTitle} {database}")
        {
            throw new InvalidDataException("it is another database's, or another version's");
        }

        var entries = lines.Skip(1).Select(line => line.Split(' ', 2)).ToLookup(parts => parts[0] is [DomainMark]);
        return (
            [.. entries[true].Select(parts => JsonSerializer.Deserialize<KnownDomain>(parts[1], Json)!)],
            [.. entries[false].Select(parts => (parts[0], JsonSerializer.Deserialize<KnownLink>(parts[1], Json)!))]);
    }

    [LoggerMessage(LogLevel.Debug, "{Count} links are known from before.")]
    private partial void Recalled(int count);

    [LoggerMessage(LogLevel.Warning, "What was known of links, in {Path}, is not used: {Reason}")]
    private partial void NotRecalled(string path, string reason);
}

/// <summary>Keeps the <see cref="LinkMemory"/>: soon after a link or a domain was changed or deleted, and otherwise now and then.</summary>
public sealed class LinkMemoryRounds(LinkMemory memory, LinkLookup links, KnownDomains domains, TimeProvider clock, ILogger<LinkMemoryRounds> logger)
    : Rounds(clock, logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Otherwise = TimeSpan.FromMinutes(1);

    private (long Links, long Domains) _edits;
    private long _saved = clock.GetTimestamp();

    protected override TimeSpan FirstPause => Pause;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        memory.Recall();
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            memory.Save();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What was saved a minute ago will do.
        }
    }

    protected override Task<TimeSpan> RoundAsync(CancellationToken cancellationToken)
    {
        var edits = (links.Edits, domains.Changes);
        if (edits != _edits || Clock.GetElapsedTime(_saved) >= Otherwise)
        {
            (_edits, _saved) = (edits, Clock.GetTimestamp());
            memory.Save();
        }

        return Task.FromResult(Pause);
    }
}
