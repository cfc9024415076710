using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Domains;
using Spoo.Data.Transfer.Imports;

namespace Spoo.Data.Transfer.LinkFiles;

/// <summary>
/// Brings the links of a file into an account, in two steps: first a plan of what would happen, then, when it is confirmed, the change.
/// Links that are there stay as they are, so importing a file again adds nothing.
/// </summary>
public sealed class LinkImport(
    IDbContextFactory<SpooDbContext> contexts, LinkLookup lookup, KnownDomains known, NewLinks newLinks, ImportRecords records, TimeProvider clock)
{
    /// <summary>Codes in one question; SQL Server takes no more than 2,100 parameters, and SQLite a time that grows with the square of their number.</summary>
    private const int AskedAtOnce = 250;

    /// <summary>Links in one transaction: many are cheap, and others get between.</summary>
    private const int StoredAtOnce = 5_000;

    /// <summary>Hosts of a file that are asked about.</summary>
    private const int MaxHosts = 1_000;

    private static readonly TimeSpan TimeToFinish = TimeSpan.FromSeconds(5);

    /// <summary>Reads a file and says what would become of it.</summary>
    /// <param name="ownHost">The host at which the caller found this installation. Null: not known.</param>
    /// <exception cref="ClickFileException">The file as a whole is not what it should be.</exception>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public Task<LinkFilePlan> ReadAsync(Stream file, string ownerId, string? ownHost, CancellationToken cancellationToken) =>
        ReadAsync(file, ownerId, ownHost, LinkFileOptions.None, cancellationToken);

    /// <inheritdoc cref="ReadAsync(Stream, string, string?, CancellationToken)"/>
    public Task<LinkFilePlan> ReadAsync(Stream file, string ownerId, string? ownHost, LinkFileOptions options, CancellationToken cancellationToken) =>
        ReadAsync(new LinkFileToImport { Name = "file", Content = file, OwnerId = ownerId, OwnHost = ownHost, Options = options }, cancellationToken);

    /// <inheritdoc cref="ReadAsync(Stream, string, string?, CancellationToken)"/>
    public async Task<LinkFilePlan> ReadAsync(LinkFileToImport file, CancellationToken cancellationToken)
    {
        await RefuseAsync(file.OwnerId, 1, cancellationToken);
        var reading = new Reading();
        await using var counted = new CountedStream(file.Content);
        try
        {
            await foreach (var content in TextFile.OpenAsync(file.Name, counted, cancellationToken))
            {
                var links = new LinkFile(content, file.Options);
                reading.Source ??= ImportSource.Of(ImportKind.Links, file.OwnerId, file.Name, links.Format.Name, content, links.Shape) with
                {
                    Choices = LinkChoices.Of(file.Options),
                    ByCommand = file.ByCommand,
                };
                await ReadAsync(links, content.Encoding, file, reading, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw new ClickFileException(new Message("The file cannot be read: {0}", exception.Message));
        }

        return await CompareAsync(reading, file.OwnerId, await counted.HashAsync(cancellationToken), cancellationToken);
    }

    private async Task ReadAsync(LinkFile links, string encoding, LinkFileToImport file, Reading reading, CancellationToken cancellationToken)
    {
        var dates = new FileDates(file.Options.Dates, file.Options.Zone);
        var destinations = new KnownDestinations(longUrl => newLinks.ProblemOf(longUrl, file.OwnHost));
        while (await links.ReadAsync(cancellationToken) is { } read)
        {
            if (read.Record is not { } record)
            {
                reading.Bad.Add(links.Number, read.Fault!);
                continue;
            }

            reading.Characters += links.Length;
            foreach (var one in record.AlsoCodes.Select(record.WithCode).Prepend(record))
            {
                await FindHomeAsync(one, file, reading, cancellationToken);
                reading.Add(Read(one, dates, links.Number, file.OwnHost, destinations, out var reason), links.Number, reason, one.HadPassword);
                reading.NoteClicks(one.Fields.GetValueOrDefault(LinkColumn.TotalClicks));
            }
        }

        reading.Unknown.AddRange(links.UnknownColumns.Except(reading.Unknown));
        reading.Files.Add(new ReadLinkFile(links.Format, links.Told, links.IsWindows1252 ? "Windows-1252" : encoding, links.Mapped));
    }

    /// <summary>
    /// A link whose address was on a domain that the account has here goes there. Of one that was elsewhere the host becomes a tag: here the code leads on
    /// under another name, and where it has been printed is worth knowing.
    /// </summary>
    private async Task FindHomeAsync(LinkRecord record, LinkFileToImport file, Reading reading, CancellationToken cancellationToken)
    {
        if (record.Host is not { } host || record.Fields.ContainsKey(LinkColumn.Domain))
        {
            return;
        }

        if (await IsDomainAsync())
        {
            record.Fields[LinkColumn.Domain] = host;
        }
        else if (!newLinks.IsOwnHost(host, file.OwnHost))
        {
            record.FormerHost = host;
        }

        async Task<bool> IsDomainAsync()
        {
            if (!reading.Hosts.TryGetValue(host, out var isOurs) && reading.Hosts.Count < MaxHosts)
            {
                reading.Hosts[host] = isOurs = (await DomainsAsync([host], file.OwnerId, cancellationToken))[host] is not null;
            }

            return isOurs;
        }
    }

    /// <summary>Makes the links of a plan. Codes that were taken meanwhile are left out.</summary>
    /// <param name="progress">Hears how many lines are done.</param>
    /// <returns>What was made.</returns>
    /// <exception cref="ClickFileException">The owner may not make links.</exception>
    /// <exception cref="System.Data.Common.DbException">The database does not answer; what came before is stored.</exception>
    public async Task<StoredLinks> StoreAsync(LinkFilePlan plan, string ownerId, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        await RefuseAsync(ownerId, plan.New.Count, cancellationToken);
        var run = await records.BeginAsync(plan.Source with { OwnerId = ownerId }, cancellationToken);
        var (counts, done) = (new ImportCounts(plan.Lines, 0, 0, plan.AlreadyThere, plan.Bad), 0);
        string? hash = null;
        try
        {
            foreach (var some in plan.New.Chunk(StoredAtOnce))
            {
                counts = counts with { Links = counts.Links + await StoreAsync(some, run, ownerId, cancellationToken) };
                await records.NoteAsync(run, counts, cancellationToken);
                progress?.Report(done += some.Length);
            }

            await StoreTotalsAsync(plan.Clicked, run, ownerId, cancellationToken);

            hash = plan.FileHash;
        }
        finally
        {
            using var soon = new CancellationTokenSource(TimeToFinish, clock);
            var formats = string.Join(", ", plan.Files.Select(file => file.Format.Name).Distinct());
            await records.EndAsync(run, counts, formats, new ImportFindings { BadLines = plan.BadLines }, hash, soon.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return new StoredLinks((int)counts.Links, new(plan.Totals, await records.CountTotalsAsync(run, cancellationToken)));
    }

    /// <summary>Of links that are there, how often they were clicked elsewhere.</summary>
    private async Task StoreTotalsAsync(IReadOnlyList<PlannedLink> clicked, ImportRun run, string ownerId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var domains = DomainIdsOf(await DomainsAsync(clicked.Select(link => link.Draft.Domain).OfType<string>(), ownerId, cancellationToken));
        foreach (var some in clicked.Chunk(AskedAtOnce))
        {
            var codes = some.Select(link => ShortCode.Fold(link.Draft.Alias!)).Distinct().ToList();
            var links = (await context.Links.Where(link => domains.Contains(link.DomainId) && codes.Contains(link.FoldedCode) && link.OwnerId == ownerId)
                .Select(link => new { link.Id, link.DomainHost, link.ShortCode, link.CreatedAt }).ToListAsync(cancellationToken))
                .ToDictionary(link => KeyOf(link.DomainHost, link.ShortCode), StringComparer.Ordinal);
            var told = some.Select(link => (link.Clicks, Link: links.GetValueOrDefault(KeyOf(link.Draft.Domain, link.Draft.Alias!)))).Where(link => link.Link is not null).ToList();
            await context.NoteKnownAsync(run.Id, told.ConvertAll(link => (link.Link!.Id, link.Link.CreatedAt)), cancellationToken);
            await context.ReplaceTotalsAsync(run.Id, told.Select(link => TotalOf(link.Link!.Id, link.Clicks, run)), cancellationToken);
        }
    }

    private static ImportedTotal TotalOf(long linkId, long clicks, ImportRun run) =>
        new() { LinkId = linkId, ImportId = run.Id, Day = ImportedTotal.NoDay, Clicks = clicks, Until = run.StartedAt, Counted = clicks };

    private async Task<int> StoreAsync(PlannedLink[] some, ImportRun run, string ownerId, CancellationToken cancellationToken)
    {
        var made = 0;
        var domains = await DomainsAsync(some.Select(link => link.Draft.Domain).OfType<string>(), ownerId, cancellationToken);
        var left = Array.FindAll(some, planned => planned.Draft.Domain is not { } host || domains[host] is not null);
        while (left.Length > 0)
        {
            var now = clock.GetUtcNow();
            var links = left.Select(planned => NewLink(planned, planned.Draft.Domain is { } host ? domains[host] : null, ownerId, now)).ToList();
            var stored = await AddAsync(links, run, cancellationToken);
            links.ForEach(link => lookup.Forget(link.DomainId, link.ShortCode));
            made += stored.Count;

            // A random code that is taken is made again.
            left = [.. left.Zip(links).Where(pair => pair.First.Draft.Alias is null && !stored.Contains(pair.Second.PublicId)).Select(pair => pair.First)];
        }

        return made;
    }

    // Asked before anything is read, and again before anything is stored: a plan may have waited for its owner for long.
    private async Task RefuseAsync(string ownerId, int wanted, CancellationToken cancellationToken)
    {
        if (await newLinks.RefuseAsync(Viewer.User(ownerId), wanted, cancellationToken) is { } no)
        {
            throw new ClickFileException(new Message("{0}: nothing was imported.", no.Message));
        }
    }

    private PlannedLink? Read(LinkRecord record, FileDates dates, long line, string? ownHost, KnownDestinations destinations, out Message? reason)
    {
        var understood = new LinkLine(record.Fields, dates, newLinks.MayBeInFolders);
        var draft = new LinkDraft
        {
            LongUrl = understood.LongUrl(destinations.ProblemOf),
            Alias = understood.Code(),
            Domain = understood.Domain(ownHost),
            Title = understood.Text(LinkColumn.Title, Link.MaxTitleLength),
            Note = understood.Text(LinkColumn.Note, Link.MaxNoteLength),
            Tags = understood.Tags(record.FormerHost),
            Password = understood.Password(),
            MaxClicks = understood.Limit(),
            ExpireAfter = understood.Instant(LinkColumn.ExpireAfter),
            BlockBots = understood.Flag(LinkColumn.BlockBots),
            PrivateStats = understood.Flag(LinkColumn.PrivateStats),
            PassQuery = understood.Flag(LinkColumn.PassQuery),
            PassPath = understood.Flag(LinkColumn.PassPath),
            RedirectStatus = understood.RedirectStatus(),
            ExpiredUrl = understood.Text(LinkColumn.ExpiredRedirectUrl, Link.MaxLongUrlLength),
            StartsAt = understood.Instant(LinkColumn.StartsAt),
            PreStartUrl = understood.Text(LinkColumn.PreStartUrl, Link.MaxLongUrlLength),
            IsArchived = understood.Flag(LinkColumn.Archived) == true,
            Targets = understood.Targets(),
            Preview = understood.Preview(),
        };
        if (understood.Fault is null && newLinks.RefuseTargets(draft.Targets, null, new(draft.ExpiredUrl), new(draft.PreStartUrl), ownHost) is { } no)
        {
            reason = new Message("{0}: {1}", no.Fields.Select(field => field.Field).FirstOrDefault("redirect_rules"), no.Message);
            return null;
        }

        var planned = new PlannedLink(line, draft, record.HadPassword && draft.Password is null ? LinkStatus.Inactive : understood.Status(), understood.Instant(LinkColumn.CreatedAt));
        reason = understood.Fault;
        return understood.Fault is null ? planned with { Clicks = understood.Clicks() ?? 0 } : null;
    }

    private async Task<LinkFilePlan> CompareAsync(Reading reading, string ownerId, string hash, CancellationToken cancellationToken)
    {
        var (planned, bad) = (reading.Planned, reading.Bad);
        var domains = await DomainsAsync(planned.Select(link => link.Draft.Domain).OfType<string>(), ownerId, cancellationToken);
        foreach (var link in planned.Where(link => link.Draft.Domain is { } host && domains[host] is null))
        {
            bad.Add(link.Line, new Message("domain '{0}' is none on which this account may put links", link.Draft.Domain));
        }

        planned.RemoveAll(link => link.Draft.Domain is { } host && domains[host] is null);
        var owners = new Dictionary<string, string?>(StringComparer.Ordinal);
        var domainIds = DomainIdsOf(domains);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var codes in planned.Select(link => link.Draft.Alias).OfType<string>().Select(ShortCode.Fold).Distinct().Chunk(AskedAtOnce))
        {
            foreach (var link in await context.Links.Where(link => domainIds.Contains(link.DomainId) && codes.Contains(link.FoldedCode))
                .Select(link => new { link.DomainHost, link.ShortCode, link.OwnerId }).ToListAsync(cancellationToken))
            {
                owners[KeyOf(link.DomainHost, link.ShortCode)] = link.OwnerId;
            }
        }

        // The second of two in the file that differ only in case has no place on a domain where case does not matter.
        var keys = new HashSet<string>(StringComparer.Ordinal);
        planned.RemoveAll(link =>
        {
            var isSecond = link.Draft.Alias is { } alias && !keys.Add(KeyOf(link.Draft.Domain, alias));
            if (isSecond)
            {
                bad.Add(link.Line, new Message("short code '{0}' differs in capital and small letters alone from another of the file", link.Name));
            }

            return isSecond;
        });

        var taken = planned.Where(link => link.Draft.Alias is not null && owners.ContainsKey(KeyOf(link.Draft.Domain, link.Draft.Alias))).ToList();
        foreach (var link in taken.Where(link => owners[KeyOf(link.Draft.Domain, link.Draft.Alias!)] != ownerId))
        {
            bad.Add(link.Line, new Message("short code '{0}' belongs to somebody else", link.Name));
        }

        return new LinkFilePlan
        {
            New = [.. planned.Where(link => link.Draft.Alias is null || !owners.ContainsKey(KeyOf(link.Draft.Domain, link.Draft.Alias)))],
            AlreadyThere = taken.Count(link => owners[KeyOf(link.Draft.Domain, link.Draft.Alias!)] == ownerId),
            Clicked = taken.FindAll(link => link.Clicks > 0 && owners[KeyOf(link.Draft.Domain, link.Draft.Alias!)] == ownerId),
            TotalsNotUnderstood = reading.TotalsNotUnderstood,
            Bad = bad.Count,
            BadLines = bad.First,
            UnknownColumns = [.. reading.Unknown.Take(ImportReport.MaxUnknownFields)],
            Files = reading.Files,
            HadPassword = reading.HadPassword,
            Source = reading.Source!,
            FileHash = hash,
        };
    }

    // Codes are asked for together with their domains: there is an index of both, and none of codes alone.
    private static List<long> DomainIdsOf(IReadOnlyDictionary<string, Domain?> domains) => [Domain.Default, .. domains.Values.OfType<Domain>().Select(domain => domain.Id)];

    /// <summary>What a code is told apart by: itself, or without its case where that does not matter.</summary>
    private string KeyOf(string? host, string code) =>
        new LinkName(host, known.IdOf(host) is { } domainId && known.IgnoresCase(domainId) ? ShortCode.Fold(code) : code).ToString();

    /// <summary>Adds the links whose code is free, with their tags and totals, and returns the public ids of those.</summary>
    private async Task<IReadOnlyCollection<string>> AddAsync(List<Link> links, ImportRun run, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.OpenForManyRowsAsync(cancellationToken);
        var added = await context.InTransactionAsync(
            async transaction =>
            {
                var keys = await context.AddNewLinksAsync(
                    transaction,
                    links,
                    (link, id) => new ImportedLink { ImportId = run.Id, LinkId = id, IsMade = true, CreatedAtSource = link.CreatedAt },
                    clock.GetUtcNow(),
                    cancellationToken);
                await context.AddTotalsAsync(
                    transaction,
                    links.FindAll(link => link.ImportedClicks > 0 && keys.ContainsKey(link.PublicId)).ConvertAll(link => TotalOf(keys[link.PublicId], link.ImportedClicks, run)),
                    cancellationToken);
                return keys;
            },
            cancellationToken);
        return added.Keys;
    }

    /// <summary>Domains by host; null where there is none, or the account may not put links on it.</summary>
    private async Task<Dictionary<string, Domain?>> DomainsAsync(IEnumerable<string> hosts, string ownerId, CancellationToken cancellationToken)
    {
        var domains = new Dictionary<string, Domain?>(StringComparer.Ordinal);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var host in hosts.Distinct())
        {
            domains.Add(host, (await LinkDomains.ChooseAsync(context, host, Viewer.User(ownerId), cancellationToken)).Domain);
        }

        return domains;
    }

    private static Link NewLink(PlannedLink planned, Domain? domain, string ownerId, DateTimeOffset now)
    {
        var createdAt = planned.CreatedAt < now ? planned.CreatedAt.Value : now;
        var link = NewLinks.Make(planned.Draft, planned.Draft.Alias ?? LinkService.MakeUpCode(), ownerId, createdAt);
        link.Status = planned.Status;
        link.ImportedClicks = planned.Clicks;
        link.MoveTo(domain);
        return link;
    }

    /// <summary>What was read so far.</summary>
    private sealed class Reading
    {
        private readonly Dictionary<string, long> _names = new(StringComparer.Ordinal);

        public List<PlannedLink> Planned { get; } = [];

        public FirstBadLines Bad { get; } = new(LinkFilePlan.MaxBadLines);

        public List<string> Unknown { get; } = [];

        public List<ReadLinkFile> Files { get; } = [];

        /// <summary>Whether links of the account may be on these hosts.</summary>
        public Dictionary<string, bool> Hosts { get; } = new(StringComparer.Ordinal);

        /// <summary>Null until the first file has been recognised.</summary>
        public ImportSource? Source { get; set; }

        public int HadPassword { get; private set; }

        public long Characters { get; set; }

        public FieldNotUnderstood? TotalsNotUnderstood { get; private set; }

        public void NoteClicks(string? text)
        {
            if (FileNumbers.Count(text) is null)
            {
                TotalsNotUnderstood = (TotalsNotUnderstood ?? new(LinkColumns.NameOf(LinkColumn.TotalClicks), 0, [])).And(text!);
            }
        }

        public void Add(PlannedLink? link, long line, Message? reason, bool hadPassword)
        {
            if (link is null)
            {
                Bad.Add(line, reason!);
            }
            else if (link.Name is { } name && !_names.TryAdd(name, line))
            {
                Bad.Add(line, new Message("line {0} has the short code '{1}' already", _names[name], name));
            }
            else if (Characters > LinkFilePlan.MaxCharacters)
            {
                throw new ClickFileException(new Message("The links of the file are longer than {0:N0} characters together. Cut it into several files.", LinkFilePlan.MaxCharacters));
            }
            else if (Planned.Count == LinkFilePlan.MaxLinks)
            {
                throw new ClickFileException(new Message("The file has more than {0:N0} links. Cut it into several files.", LinkFilePlan.MaxLinks));
            }
            else
            {
                Planned.Add(link);
                HadPassword += hadPassword && link.Draft.Password is null ? 1 : 0;
            }
        }
    }
}
