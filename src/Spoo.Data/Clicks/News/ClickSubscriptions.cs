using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Database;

namespace Spoo.Data.Clicks.News;

/// <summary>
/// Tells who looks at the numbers of a link, or of an account, that clicks of theirs have been stored. What has
/// changed is for them to ask: here is only that something has.
/// </summary>
public sealed partial class ClickSubscriptions : IDisposable
{
    /// <summary>Owners of links that are remembered; more would only save a short question to the database.</summary>
    private const int MostOwners = 100_000;

    /// <summary>A power of two. Links, and owners, that share a place are asked about once too often, and never once too seldom.</summary>
    private const int Versions = 4096;

    private readonly ClickPublisher _feed;
    private readonly IDbContextFactory<SpooDbContext> _contexts;
    private readonly ILogger<ClickSubscriptions> _logger;
    private readonly Listeners<long> _ofLinks = new();
    private readonly Listeners<string> _ofOwners = new();
    private readonly ConcurrentDictionary<long, string> _owners = new();
    private readonly long[] _versions = new long[Versions];
    private readonly long[] _ownerVersions = new long[Versions];

    public ClickSubscriptions(ClickPublisher feed, IDbContextFactory<SpooDbContext> contexts, ILogger<ClickSubscriptions> logger)
    {
        (_feed, _contexts, _logger) = (feed, contexts, logger);
        _feed.Stored += Hear;
    }

    /// <param name="heard">Called on the thread that stores, so it takes note and is gone.</param>
    /// <returns>What ends the listening.</returns>
    public IDisposable ListenToLink(long linkId, Action heard) => _ofLinks.Add(linkId, heard);

    /// <inheritdoc cref="ListenToLink"/>
    public IDisposable ListenToOwner(string ownerId, Action heard) => _ofOwners.Add(ownerId, heard);

    /// <summary>A number that is another one after a click on this link was stored, and sometimes after one on another link.</summary>
    public long VersionOf(long linkId) => Volatile.Read(ref _versions[linkId & (Versions - 1)]);

    /// <summary>As <see cref="VersionOf(long)"/>, for the links of an owner with a <see cref="ListenToOwner">listener</see>.</summary>
    public long VersionOf(string ownerId) => Volatile.Read(ref OwnerVersion(ownerId));

    public void Dispose() => _feed.Stored -= Hear;

    /// <summary>Clicks on these links have been stored, here or by another process.</summary>
    internal void Hear(IEnumerable<long> linkIds)
    {
        var links = linkIds.ToHashSet();
        foreach (var link in links)
        {
            Interlocked.Increment(ref _versions[link & (Versions - 1)]);
            _ofLinks.Tell(link);
        }

        if (!_ofOwners.IsEmpty)
        {
            // The database is asked for owners that are not known yet, and the thread that stores clicks must not wait for that.
            _ = Task.Run(() => TellOwnersAsync(links));
        }
    }

    private void Hear(IReadOnlyList<Click> clicks) => Hear(clicks.Select(click => click.LinkId));

    private ref long OwnerVersion(string ownerId) => ref _ownerVersions[string.GetHashCode(ownerId, StringComparison.Ordinal) & (Versions - 1)];

    private async Task TellOwnersAsync(HashSet<long> links)
    {
        try
        {
            var unknown = links.Where(link => !_owners.ContainsKey(link)).ToList();
            foreach (var some in unknown.Chunk(1000))
            {
                await LearnAsync(some);
            }

            foreach (var owner in links.Select(link => _owners.GetValueOrDefault(link)).OfType<string>().ToHashSet(StringComparer.Ordinal))
            {
                Interlocked.Increment(ref OwnerVersion(owner));
                _ofOwners.Tell(owner);
            }
        }
        catch (Exception exception)
        {
            // An open page asks again now and then without being told.
            CannotTell(exception);
        }
    }

    private async Task LearnAsync(long[] links)
    {
        if (_owners.Count > MostOwners)
        {
            _owners.Clear();
        }

        await using var context = await _contexts.CreateDbContextAsync();
        var rows = await context.Links.Where(link => links.Contains(link.Id) && link.OwnerId != null)
            .Select(link => new { link.Id, link.OwnerId })
            .ToListAsync();
        foreach (var row in rows)
        {
            _owners[row.Id] = row.OwnerId!;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Open dashboards could not be told about new clicks.")]
    private partial void CannotTell(Exception exception);

    private sealed class Listeners<TKey>
        where TKey : notnull
    {
        private readonly ConcurrentDictionary<TKey, ConcurrentDictionary<object, Action>> _listeners = new();

        public bool IsEmpty => _listeners.IsEmpty;

        public Listening Add(TKey key, Action heard)
        {
            var id = new object();
            lock (_listeners)
            {
                _listeners.GetOrAdd(key, _ => new())[id] = heard;
            }

            return new Listening(() => Remove(key, id));
        }

        public void Tell(TKey key)
        {
            if (_listeners.TryGetValue(key, out var listeners))
            {
                foreach (var heard in listeners.Values)
                {
                    heard();
                }
            }
        }

        private void Remove(TKey key, object id)
        {
            lock (_listeners)
            {
                if (_listeners.TryGetValue(key, out var listeners) && listeners.TryRemove(id, out _) && listeners.IsEmpty)
                {
                    _listeners.TryRemove(key, out _);
                }
            }
        }
    }

    private sealed class Listening(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
