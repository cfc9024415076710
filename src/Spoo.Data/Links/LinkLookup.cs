using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Spoo.Data.Database;
using Spoo.Data.Links.Blocks;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Destinations;
using Spoo.Data.Links.Domains;
using Spoo.Data.Links.Targets;

namespace Spoo.Data.Links;

/// <summary>What the redirect has to know of a link.</summary>
public sealed record KnownLink
{
    public required long Id { get; init; }

    /// <summary>Empty: the link came with an import that did not say where it leads.</summary>
    public required string LongUrl { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required LinkStatus Status { get; init; }

    /// <summary>What the operator says about why it is blocked. Null: it is not, or nothing was said.</summary>
    public string? BlockedReason { get; init; }

    public required string? PasswordHash { get; init; }

    public required bool BlocksBots { get; init; }

    public required bool PassesQuery { get; init; }

    public bool PassesPath { get; init; }

    /// <summary>With which visitors are sent on.</summary>
    public int RedirectStatus { get; init; } = LinkRedirects.Default;

    /// <summary>Null: everybody is sent to <see cref="LongUrl"/>.</summary>
    public TargetRules? Rules { get; init; }

    /// <summary>Null: what chats and networks find at the destination.</summary>
    public LinkPreview? Preview { get; init; }

    /// <summary>Null: visitors are told that the link has ended.</summary>
    public string? ExpiredUrl { get; init; }

    public required long? MaxClicks { get; init; }

    public required DateTimeOffset? ExpireAfter { get; init; }

    /// <summary>Before this moment it leads nowhere. Null: it has begun.</summary>
    public DateTimeOffset? StartsAt { get; init; }

    /// <summary>Null: visitors who come before the start are told when it is.</summary>
    public string? PreStartUrl { get; init; }

    /// <summary>Whether everybody who asks is sent on, now and until the link is changed.</summary>
    public bool IsOpenToAll => Preview is null && IsOpenBesidesPreview;

    /// <summary>The same, but for programs that draw cards.</summary>
    public bool IsOpenBesidesPreview => Status == LinkStatus.Active && PasswordHash is null && MaxClicks is null && ExpireAfter is null && StartsAt is null
        && !BlocksBots && LongUrl.Length > 0;

    /// <summary>
    /// What browsers are told about keeping the redirect. One that a browser keeps is followed without asking us, so it is neither counted nor changed for
    /// a while; where an answer depends on who asks, or ends, none is kept.
    /// </summary>
    public string CacheControl => field ??= LinkRedirects.IsRemembered(RedirectStatus) && IsOpenToAll && Rules is null ? "private, max-age=90" : "private, no-store";

    /// <summary>Clicks that counted towards <see cref="MaxClicks"/> when the link was looked up, also those that were deleted for their age.</summary>
    public required long UsedClicks { get; init; }

    /// <summary>Null: made by a visitor who was not signed in.</summary>
    public string? OwnerId { get; init; }

    /// <summary>The destination in the characters that a header may have.</summary>
    public string Location => field ??= LinkLocation.Of(LongUrl);
}

/// <summary>
/// Domain and short code → link for the redirect, from memory. An edit on this node counts at once (<see cref="Forget"/>); one on another
/// node within <see cref="OtherNodes.Delay"/>. While the database is away, known links keep working as they were.
/// </summary>
public sealed partial class LinkLookup(IDbContextFactory<SpooDbContext> contexts, KnownDomains domains, StoreGate gate, TimeProvider clock, ILogger<LinkLookup> logger)
{
    /// <summary>At least so many codes are remembered, at most twice as many; a link takes about half a kilobyte.</summary>
    private const int Remembered = 100_000;

    /// <summary>Up to this age a link is taken as it is.</summary>
    private static readonly TimeSpan Fresh = OtherNodes.Delay / 2;

    /// <summary>Up to this age it is used and looked up again behind the visitor's back; beyond, the visitor waits for the answer.</summary>
    private static readonly TimeSpan Usable = OtherNodes.Delay;

    /// <summary>A database that takes longer to say what is new about a known link is taken to be away.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    /// <summary>For so long no request waits again for a database that was away.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly RecentEntries<string, Entry> _entries = new(Remembered, StringComparer.Ordinal);
    private long _edits;
    private long _pauseUntil;
    private volatile HostList _blockedHosts = HostList.Empty;

    /// <summary>The link with this code on this domain; null when there is none. Of a folder, one of those in it.</summary>
    /// <exception cref="DbException">The link is not known here yet, and the database does not answer.</exception>
    public ValueTask<KnownLink?> FindAsync(long domainId, string code, DateTimeOffset now)
    {
        // Where case does not matter, what all spellings are remembered under is the one in small letters.
        var address = new Address(domainId, domains.IgnoresCase(domainId) ? ShortCode.Fold(code) : code);
        if (!_entries.TryGet(address.Key, out var entry, out _))
        {
            return new(LoadAsync(address, code));
        }

        // A clock that was put back makes everything look as if it came from the future; that is old, too.
        var age = now - entry.LoadedAt;
        if (age >= TimeSpan.Zero && age < Fresh)
        {
            return new(entry.Link);
        }

        var isUsable = age >= TimeSpan.Zero && age < Usable;
        return isUsable || now.UtcTicks < Interlocked.Read(ref _pauseUntil)
            ? UseAndReload(address, entry)
            : new(ReloadedAsync(address, entry));
    }

    /// <summary>The link with this code, if that can be said at once: it is known here, and has been looked up a moment ago.</summary>
    public bool TryFind(long domainId, ReadOnlySpan<char> code, DateTimeOffset now, [NotNullWhen(true)] out KnownLink? link)
    {
        link = null;
        if (code.Contains(Address.Separator))
        {
            // No code, but what a link of another domain is remembered under.
            return false;
        }

        if (domains.IgnoresCase(domainId))
        {
            Span<char> folded = stackalloc char[ShortCode.MaxLength];
            return code.Length <= folded.Length && code.ToLowerInvariant(folded) is var count and >= 0 && TryFindAsWritten(domainId, folded[..count], now, out link);
        }

        return TryFindAsWritten(domainId, code, now, out link);
    }

    private bool TryFindAsWritten(long domainId, ReadOnlySpan<char> code, DateTimeOffset now, [NotNullWhen(true)] out KnownLink? link)
    {
        if (domainId == Domain.Default)
        {
            return TryFind(code, now, out link);
        }

        Span<char> key = stackalloc char[Address.LongestStart + ShortCode.MaxLength];
        link = null;
        return key.TryWrite(CultureInfo.InvariantCulture, $"{domainId}{Address.Separator}{code}", out var length) && TryFind(key[..length], now, out link);
    }

    private bool TryFind(ReadOnlySpan<char> key, DateTimeOffset now, [NotNullWhen(true)] out KnownLink? link)
    {
        link = _entries.TryGet(key, out var entry, out _)
            && now - entry.LoadedAt is var age && age >= TimeSpan.Zero && age < Fresh
                ? entry.Link
                : null;
        return link is not null;
    }

    /// <summary>Whether a code on this domain is in this folder. It is remembered as links are.</summary>
    /// <param name="folder">As <see cref="ShortCode.FolderOf"/> gives it.</param>
    /// <exception cref="DbException">It is not known here yet, and the database does not answer.</exception>
    public async ValueTask<bool> HasFolderAsync(long domainId, string folder, DateTimeOffset now) => await FindAsync(domainId, folder, now) is not null;

    /// <summary>A number that changes whenever a link is forgotten.</summary>
    public long Edits => Interlocked.Read(ref _edits);

    /// <summary>The links that are known now, at most so many; of more, those that were looked up last.</summary>
    /// <returns>Each with the text by which <see cref="Recall"/> knows it again.</returns>
    public IEnumerable<(string Key, KnownLink Link)> Known(int most) =>
        _entries.All().Where(entry => entry.Value.Link is not null).Take(most).Select(entry => (entry.Key, entry.Value.Link!));

    /// <summary>Takes over what an earlier process knew. It is looked up again before it is used, if the database answers.</summary>
    public void Recall(IEnumerable<(string Key, KnownLink Link)> links)
    {
        foreach (var (key, link) in links)
        {
            if (!_entries.TryGet(key, out _, out _))
            {
                _entries.Add(key, new Entry(link, DateTimeOffset.MinValue));
            }
        }
    }

    /// <summary>Forgets what is known of a code, because its link was made, changed or deleted.</summary>
    public void Forget(long domainId, string code)
    {
        Interlocked.Increment(ref _edits);
        ForgetAsWritten(domainId, code);
        if (ShortCode.Fold(code) is var folded && folded != code)
        {
            ForgetAsWritten(domainId, folded);
        }
    }

    private void ForgetAsWritten(long domainId, string code)
    {
        _entries.Remove(new Address(domainId, code).Key);
        if (ShortCode.FolderOf(code) is { } folder)
        {
            _entries.Remove(new Address(domainId, folder).Key);
        }
    }

    /// <summary>Whether a link may not lead there, as far as hosts go.</summary>
    internal bool IsHostBlocked(string longUrl) => _blockedHosts.Has(longUrl);

    /// <summary>The same for all destinations of a link: one that leads some of its visitors there leads there.</summary>
    internal bool IsHostBlocked(Link link) => IsHostBlocked(link.LongUrl, link.Rules, link.ExpiredUrl, link.PreStartUrl);

    private bool IsHostBlocked(string longUrl, TargetRules? rules, params ReadOnlySpan<string?> others)
    {
        foreach (var other in others)
        {
            if (other is not null && IsHostBlocked(other))
            {
                return true;
            }
        }

        return IsHostBlocked(longUrl) || rules?.All.Any(rule => IsHostBlocked(rule.Url)) == true;
    }

    /// <summary>From now on links to these hosts are blocked, and others are not. All are looked up again.</summary>
    internal void BlockHosts(HostList hosts)
    {
        _blockedHosts = hosts;
        Interlocked.Increment(ref _edits);
        _entries.Clear();
    }

    private ValueTask<KnownLink?> UseAndReload(Address address, Entry entry)
    {
        _ = entry.ReloadOnce(() => ReloadAsync(address));
        return new(entry.Link);
    }

    private async Task<KnownLink?> ReloadedAsync(Address address, Entry entry)
    {
        try
        {
            return await entry.ReloadOnce(() => ReloadAsync(address)).WaitAsync(Patience, clock) is (true, var link) ? link : entry.Link;
        }
        catch (TimeoutException)
        {
            Interlocked.Exchange(ref _pauseUntil, (clock.GetUtcNow() + Pause).UtcTicks);
            return entry.Link;
        }
    }

    private async Task<(bool Succeeded, KnownLink? Link)> ReloadAsync(Address address)
    {
        try
        {
            return (true, await LoadAsync(address, address.Code));
        }
        catch (Exception exception)
        {
            // The link is known; only what is new about it is not.
            Interlocked.Exchange(ref _pauseUntil, (clock.GetUtcNow() + Pause).UtcTicks);
            CannotReload(exception.Message);
            return (false, null);
        }
    }

    /// <param name="address">Where it is remembered.</param>
    /// <param name="written">The code as it was asked for: of several that differ in case, that one is meant.</param>
    private async Task<KnownLink?> LoadAsync(Address address, string written)
    {
        var (domainId, code) = (address.DomainId, address.Code);
        var edits = Interlocked.Read(ref _edits);
        var now = clock.GetUtcNow();
        await using var context = await contexts.CreateToAnswerAsync(CancellationToken.None);
        var found = await (address.IsFolder ? context.Links.In(domainId, code, domains.IgnoresCase(domainId)).Take(1) : context.Links.On(domainId, code, domains.IgnoresCase(domainId)))
            .OrderByDescending(row => row.ShortCode == written).ThenBy(row => row.Id).Take(2)
            .Select(row => new KnownLink
            {
                Id = row.Id,
                LongUrl = row.LongUrl,
                CreatedAt = row.CreatedAt,
                Status = row.Status,
                BlockedReason = row.Status == LinkStatus.Blocked ? row.BlockedReason : null,
                PasswordHash = row.PasswordHash,
                BlocksBots = row.BlockBots == true,
                PassesQuery = row.PassQuery == true,
                PassesPath = row.PassPath == true,
                RedirectStatus = row.RedirectStatus ?? LinkRedirects.Default,
                Rules = row.Rules,
                Preview = row.Preview,
                ExpiredUrl = row.ExpiredUrl,
                MaxClicks = row.MaxClicks,
                ExpireAfter = row.ExpireAfter,
                StartsAt = row.StartsAt > now ? row.StartsAt : null,
                PreStartUrl = row.PreStartUrl,
                UsedClicks = row.TotalClicks + row.ForgottenClicks - row.PreviewClicks,
                OwnerId = row.OwnerId,
            })
            .ToListAsync();
        var link = found.FirstOrDefault();
        if (link is not null && IsHostBlocked(link.LongUrl, link.Rules, link.ExpiredUrl, link.PreStartUrl))
        {
            link = link with { Status = LinkStatus.Blocked };
        }
        else if (link is null)
        {
            // That there is no such link is only to be believed of the right database.
            await gate.RequireKnownAsync(context, CancellationToken.None);
        }

        // What was read before an edit must not outlive it.
        if (edits == Interlocked.Read(ref _edits) && found.Count < 2)
        {
            _entries.Add(address.Key, new Entry(link, now));
        }

        return link;
    }

    [LoggerMessage(LogLevel.Warning, "Links could not be looked up again and are used as they were: {Reason}")]
    private partial void CannotReload(string reason);

    /// <summary>Where a link is found.</summary>
    private readonly record struct Address(long DomainId, string Code)
    {
        /// <summary>Of the number of a domain, with what follows it.</summary>
        public const int LongestStart = 21;

        /// <summary>In no code.</summary>
        public const char Separator = ':';

        /// <summary>Whether it stands for all links in a folder.</summary>
        public bool IsFolder => Code.EndsWith(ShortCode.Slash);

        /// <summary>On the installation's own domain, where most are, the code alone.</summary>
        public string Key => IsFolder ? string.Create(CultureInfo.InvariantCulture, $"{DomainId}{Separator}{Code}{Separator}")
            : DomainId == Domain.Default ? Code
            : string.Create(CultureInfo.InvariantCulture, $"{DomainId}{Separator}{Code}");
    }

    /// <param name="Link">Null: no link has the code.</param>
    private sealed record Entry(KnownLink? Link, DateTimeOffset LoadedAt)
    {
        private Task<(bool Succeeded, KnownLink? Link)>? _reload;

        /// <summary>However many ask, the database is asked once at a time.</summary>
        public Task<(bool Succeeded, KnownLink? Link)> ReloadOnce(Func<Task<(bool Succeeded, KnownLink? Link)>> reload)
        {
            var running = Volatile.Read(ref _reload);
            if (running is { IsCompleted: false })
            {
                return running;
            }

            // The database's driver may block, and the visitor's thread is not for that.
            var started = new Task<Task<(bool, KnownLink?)>>(reload);
            var mine = started.Unwrap();
            if (Interlocked.CompareExchange(ref _reload, mine, running) != running)
            {
                return _reload!;
            }

            started.Start(TaskScheduler.Default);
            return mine;
        }
    }
}
