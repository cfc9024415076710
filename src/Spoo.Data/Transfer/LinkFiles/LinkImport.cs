using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Spoo.Data.Accounts;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Domains;
using Spoo.Data.Links.Targets;

namespace Spoo.Data.Transfer.LinkFiles;

/// <summary>
/// Brings the links of a file into an account, in two steps: first a plan of what would happen, then, when it is confirmed, the change.
/// Links that are there stay as they are, so importing a file again adds nothing.
/// </summary>
public sealed class LinkImport(IDbContextFactory<SpooDbContext> contexts, LinkLookup lookup, NewLinks newLinks, TimeProvider clock)
{
    /// <summary>Codes in one question; SQL Server takes no more than 2,100 parameters.</summary>
    private const int AskedAtOnce = 1_000;

    /// <summary>Links in one transaction: many are cheap, and others get between.</summary>
    private const int StoredAtOnce = 5_000;

    /// <summary>Reads a file and says what would become of it.</summary>
    /// <param name="ownHost">The host at which the caller found this installation. Null: not known.</param>
    /// <exception cref="ClickFileException">The file as a whole is not what it should be.</exception>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public Task<LinkFilePlan> ReadAsync(Stream file, string ownerId, string? ownHost, CancellationToken cancellationToken) =>
        ReadAsync(file, ownerId, ownHost, LinkFileOptions.None, cancellationToken);

    /// <inheritdoc cref="ReadAsync(Stream, string, string?, CancellationToken)"/>
    public async Task<LinkFilePlan> ReadAsync(Stream file, string ownerId, string? ownHost, LinkFileOptions options, CancellationToken cancellationToken)
    {
        await RefuseAsync(ownerId, 1, cancellationToken);
        var reading = new Reading();
        try
        {
            await foreach (var content in TextFile.OpenAsync("file", file, cancellationToken))
            {
                await ReadAsync(new LinkFile(content, options), content.Encoding, ownHost, options, reading, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw new ClickFileException(new Message("The file cannot be read: {0}", exception.Message));
        }

        return await CompareAsync(reading, ownerId, cancellationToken);
    }

    private async Task ReadAsync(LinkFile links, string encoding, string? ownHost, LinkFileOptions options, Reading reading, CancellationToken cancellationToken)
    {
        var dates = new FileDates(options.Dates, options.Zone);
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
                reading.Add(Read(one, dates, links.Number, ownHost, out var reason), links.Number, reason, one.HadPassword);
            }
        }

        reading.Unknown.AddRange(links.UnknownColumns.Except(reading.Unknown));
        reading.Files.Add(new ReadLinkFile(links.Format, links.Told, links.IsWindows1252 ? "Windows-1252" : encoding));
    }

    /// <summary>Makes the links of a plan. Codes that were taken meanwhile are left out.</summary>
    /// <param name="progress">Hears how many lines are done.</param>
    /// <returns>How many links were made.</returns>
    /// <exception cref="ClickFileException">The owner may not make links.</exception>
    /// <exception cref="System.Data.Common.DbException">The database does not answer; what came before is stored.</exception>
    public async Task<int> StoreAsync(LinkFilePlan plan, string ownerId, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        await RefuseAsync(ownerId, plan.New.Count, cancellationToken);
        var (made, done) = (0, 0);
        foreach (var some in plan.New.Chunk(StoredAtOnce))
        {
            var domains = await DomainsAsync(some, ownerId, cancellationToken);
            var left = Array.FindAll(some, planned => planned.Draft.Domain is not { } host || domains[host] is not null);
            while (left.Length > 0)
            {
                var now = clock.GetUtcNow();
                var links = left.Select(planned => NewLink(planned, planned.Draft.Domain is { } host ? domains[host] : null, ownerId, now)).ToList();
                var stored = await AddAsync(links, cancellationToken);
                links.ForEach(link => lookup.Forget(link.DomainId, link.ShortCode));
                made += stored.Count;

                // A random code that is taken is made again.
                left = [.. left.Zip(links).Where(pair => pair.First.Draft.Alias is null && !stored.Contains(pair.Second.PublicId)).Select(pair => pair.First)];
            }

            progress?.Report(done += some.Length);
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

    private PlannedLink? Read(LinkRecord record, FileDates dates, long line, string? ownHost, out Message? reason)
    {
        var understood = new LinkLine(record.Fields, dates);
        var draft = new LinkDraft
        {
            LongUrl = understood.LongUrl(url => newLinks.ProblemOf(url, ownHost)),
            Alias = understood.Code(),
            Domain = understood.Domain(ownHost),
            Title = understood.Text(LinkColumn.Title, Link.MaxTitleLength),
            Note = understood.Text(LinkColumn.Note, Link.MaxNoteLength),
            Tags = understood.Tags(),
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
        return understood.Fault is null ? planned : null;
    }

    private async Task<LinkFilePlan> CompareAsync(Reading reading, string ownerId, CancellationToken cancellationToken)
    {
        var (planned, bad) = (reading.Planned, reading.Bad);
        var domains = await DomainsAsync(planned, ownerId, cancellationToken);
        foreach (var link in planned.Where(link => link.Draft.Domain is { } host && domains[host] is null))
        {
            bad.Add(link.Line, new Message("domain '{0}' is none on which this account may put links", link.Draft.Domain));
        }

        planned.RemoveAll(link => link.Draft.Domain is { } host && domains[host] is null);
        var owners = new Dictionary<string, string?>(StringComparer.Ordinal);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var codes in planned.Select(link => link.Draft.Alias).OfType<string>().Chunk(AskedAtOnce))
        {
            foreach (var link in await context.Links.Where(link => codes.Contains(link.ShortCode))
                .Select(link => new { link.DomainHost, link.ShortCode, link.OwnerId }).ToListAsync(cancellationToken))
            {
                owners[new LinkName(link.DomainHost, link.ShortCode).ToString()] = link.OwnerId;
            }
        }

        var taken = planned.Where(link => link.Name is { } name && owners.ContainsKey(name)).ToList();
        foreach (var link in taken.Where(link => owners[link.Name!] != ownerId))
        {
            bad.Add(link.Line, new Message("short code '{0}' belongs to somebody else", link.Name));
        }

        return new LinkFilePlan
        {
            New = [.. planned.Where(link => link.Name is not { } name || !owners.ContainsKey(name))],
            AlreadyThere = taken.Count(link => owners[link.Name!] == ownerId),
            Bad = bad.Count,
            BadLines = bad.First,
            UnknownColumns = [.. reading.Unknown.Take(ImportReport.MaxUnknownFields)],
            Files = reading.Files,
            HadPassword = reading.HadPassword,
        };
    }

    /// <summary>Adds the links whose code is free, with their tags, and returns the ids of those.</summary>
    private async Task<HashSet<string>> AddAsync(List<Link> links, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.InTransactionAsync(
            async transaction =>
            {
                var rows = BulkRows.For(context.Database.GetDbConnection(), transaction.GetDbTransaction());
                var last = await context.Links.MaxAsync(link => (long?)link.Id, cancellationToken) ?? 0;
                await rows.InsertMissingAsync(LinkRows.Links, links, cancellationToken);

                // The keys are the database's, and they only grow.
                var keys = await context.Links.Where(link => link.Id > last)
                    .Select(link => new { link.PublicId, link.Id }).ToDictionaryAsync(link => link.PublicId, link => link.Id, cancellationToken);
                var added = links.Where(link => keys.ContainsKey(link.PublicId)).ToList();
                await rows.InsertMissingAsync(
                    LinkRows.Tags,
                    [.. added.SelectMany(link => link.Tags, (link, tag) => new LinkTag { LinkId = keys[link.PublicId], OwnerId = tag.OwnerId, Name = tag.Name })],
                    cancellationToken);
                await LinkEvents.AddCreatedAsync(context, added, clock.GetUtcNow(), cancellationToken);
                await context.SaveChangesAsync(cancellationToken);
                return added.Select(link => link.PublicId).ToHashSet();
            },
            cancellationToken);
    }

    /// <summary>The domains that links name, by host; null where the account may not put links on one.</summary>
    private async Task<Dictionary<string, Domain?>> DomainsAsync(IEnumerable<PlannedLink> planned, string ownerId, CancellationToken cancellationToken)
    {
        var domains = new Dictionary<string, Domain?>(StringComparer.Ordinal);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var host in planned.Select(link => link.Draft.Domain).OfType<string>().Distinct())
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

        public int HadPassword { get; private set; }

        public long Characters { get; set; }

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

    /// <summary>The fields of a line, understood one by one; the first that is wrong is told.</summary>
    private sealed class LinkLine(Dictionary<LinkColumn, string> fields, FileDates dates)
    {
        public Message? Fault { get; private set; }

        public string LongUrl(Func<string, Message?> refuse)
        {
            var url = fields.GetValueOrDefault(LinkColumn.LongUrl);
            Check(url is not null, new Message("no long_url"));
            Check(url is null || url.Length <= Link.MaxLongUrlLength, new Message("{0} is longer than {1} characters", "long_url", Link.MaxLongUrlLength));
            if (Fault is null && refuse(url!) is { } problem)
            {
                Fault = new Message("long_url: {0}", problem);
            }

            return url ?? "";
        }

        public string? Code()
        {
            var text = fields.GetValueOrDefault(LinkColumn.ShortCode);
            Check(
                text is null || Links.Codes.ShortCode.TryParse(text, out _),
                new Message("short_code '{0}' is not made of 1 to {1} letters, digits, '-' and '_', or is one of the server's own addresses", OutsideText.Clean(text, Links.Codes.ShortCode.MaxLength), Links.Codes.ShortCode.MaxLength));
            return text is null ? null : Links.Codes.ShortCode.Canonical(text);
        }

        /// <param name="ownHost">At which the caller found this installation. Null: not known.</param>
        public string? Domain(string? ownHost)
        {
            var text = fields.GetValueOrDefault(LinkColumn.Domain);
            var host = DomainHosts.Parse(text);
            Check(text is null || host is not null, new Message("domain '{0}' is not the name of a host", OutsideText.Clean(text, Links.Domains.Domain.MaxHostLength)));
            return host is null || host == DomainHosts.Parse(ownHost) ? null : host;
        }

        public string? Text(LinkColumn column, int most)
        {
            var text = fields.GetValueOrDefault(column);
            Check(text is null || text.Length <= most, new Message("{0} is longer than {1} characters", LinkColumns.NameOf(column), most));
            return text;
        }

        public IReadOnlyList<string> Tags()
        {
            var tags = new List<string>();
            foreach (var text in fields.GetValueOrDefault(LinkColumn.Tags, "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                if (!LinkTag.TryParse(text, out var tag))
                {
                    Check(false, new Message("tags: {0}", LinkTag.Shape));
                    break;
                }

                tags.Add(tag);
            }

            Check(tags.Distinct().Count() <= LinkTag.MaxCount, new Message("tags: a link has at most {0} of them", LinkTag.MaxCount));
            return [.. tags.Distinct()];
        }

        public string? Password()
        {
            var text = fields.GetValueOrDefault(LinkColumn.Password);
            Check(
                text is null or { Length: >= LinkRules.MinPasswordLength and <= LinkRules.MaxPasswordLength },
                new Message("password does not have {0} to {1} characters", LinkRules.MinPasswordLength, LinkRules.MaxPasswordLength));
            return text;
        }

        public long? Limit()
        {
            var text = fields.GetValueOrDefault(LinkColumn.MaxClicks);
            var isWhole = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0;
            Check(text is null || isWhole, new Message("max_clicks is not a whole number from 1 on"));
            return isWhole ? limit : null;
        }

        public DateTimeOffset? Instant(LinkColumn column)
        {
            var text = fields.GetValueOrDefault(column);
            var instant = default(DateTimeOffset);
            var isDate = text is not null && dates.TryParse(text, out instant);
            Check(text is null || !dates.IsAmbiguous(text), new Message("the date {0} may be two different days: say which number is the day", $"'{OutsideText.Clean(text, 60)}'"));
            Check(text is null || isDate, new Message("{0} is neither ISO 8601, such as 2027-01-31T12:00:00Z, nor a Unix time", LinkColumns.NameOf(column)));
            return text is not null && isDate ? instant : null;
        }

        public bool? Flag(LinkColumn column)
        {
            var text = fields.GetValueOrDefault(column)?.ToLowerInvariant();
            bool? flag = text is "true" or "yes" or "1" ? true : text is "false" or "no" or "0" ? false : null;
            Check(text is null || flag is not null, new Message("{0} is neither true nor false", LinkColumns.NameOf(column)));
            return flag;
        }

        public int? RedirectStatus()
        {
            var text = fields.GetValueOrDefault(LinkColumn.RedirectStatus);
            var isOne = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && LinkRedirects.Statuses.Contains(status);
            Check(text is null || isOne, new Message("redirect_status is none of {0}", string.Join(", ", LinkRedirects.Statuses)));
            return isOne ? status : null;
        }

        public TargetsEdit? Targets()
        {
            if (fields.GetValueOrDefault(LinkColumn.RedirectRules) is not { } json)
            {
                return null;
            }

            var rules = new List<TargetRule>();
            foreach (var written in Json(LinkColumn.RedirectRules, () => TargetRules.Parse(json))?.All ?? [])
            {
                var (rule, field, problem) = TargetWords.Read(written);
                Check(rule is not null, new Message("redirect_rules, {0}: {1}", field, problem));
                rules.Add(rule ?? written);
            }

            return new TargetsEdit { All = rules };
        }

        public LinkPreview? Preview()
        {
            var preview = fields.GetValueOrDefault(LinkColumn.MetaTags) is { } json ? Json(LinkColumn.MetaTags, () => LinkPreview.Parse(json)) : null;
            Check(preview?.IsValid != false, new Message("meta_tags should have a title of up to {0} characters, and may have a description, an https:// image and a colour such as #1A2B3C", LinkPreview.MaxTitleLength));
            return preview;
        }

        private T? Json<T>(LinkColumn column, Func<T?> read)
            where T : class
        {
            try
            {
                return read();
            }
            catch (JsonException)
            {
                Check(false, new Message("{0} is not the JSON that an export writes", LinkColumns.NameOf(column)));
                return null;
            }
        }

        public LinkStatus Status()
        {
            var text = fields.GetValueOrDefault(LinkColumn.Status)?.ToLowerInvariant();

            // That a limit was reached follows from the limit; that an operator blocked it elsewhere means nothing here.
            Check(text is null or "active" or "inactive" or "expired", new Message("status is none of ACTIVE, INACTIVE and EXPIRED"));
            return text == "inactive" ? LinkStatus.Inactive : LinkStatus.Active;
        }

        private void Check(bool isRight, Message otherwise)
        {
            if (!isRight)
            {
                Fault ??= otherwise;
            }
        }
    }
}
