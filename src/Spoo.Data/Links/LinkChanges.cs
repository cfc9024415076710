using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Database;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Destinations;
using Spoo.Data.Links.Domains;
using Spoo.Data.Links.Targets;

namespace Spoo.Data.Links;

/// <summary>What happened to links: how they were before, and what is told of it.</summary>
public sealed class LinkChanges(IDbContextFactory<SpooDbContext> contexts, KnownDomains domains)
{
    /// <summary>Changes that one chart can carry without becoming a hedge of flags.</summary>
    public const int MaxShown = 50;

    private const int LinksAtOnce = 500;

    /// <summary>The changes of a link of this account within a range, the oldest first; of too many, the latest.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<IReadOnlyList<LinkChange>> OfAsync(
        string ownerId, string name, DateTimeOffset start, DateTimeOffset end, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        var links = context.Links.Where(link => link.OwnerId == ownerId).Called(name, domains).Select(link => link.Id);
        var latest = await context.LinkChanges.AsNoTracking()
            .Where(change => links.Contains(change.LinkId) && change.At >= start && change.At <= end)
            .OrderByDescending(change => change.At)
            .ThenByDescending(change => change.Id)
            .Take(MaxShown)
            .ToListAsync(cancellationToken);
        latest.Reverse();
        return latest;
    }

    /// <summary>All changes of the account's links, link by link, with the name that the link has now.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async IAsyncEnumerable<(string Name, LinkChange Change)> AllAsync(string ownerId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = 0L;
        while (true)
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            var names = await context.Links.Where(link => link.OwnerId == ownerId && link.Id > last).OrderBy(link => link.Id).Take(LinksAtOnce)
                .Select(link => new { link.Id, link.DomainHost, link.ShortCode }).ToDictionaryAsync(link => link.Id, link => new LinkName(link.DomainHost, link.ShortCode).ToString(), cancellationToken);
            if (names.Count == 0)
            {
                yield break;
            }

            var changes = context.LinkChanges.AsNoTracking().Where(change => names.Keys.Contains(change.LinkId))
                .OrderBy(change => change.LinkId).ThenBy(change => change.At).ThenBy(change => change.Id);
            await foreach (var change in changes.AsAsyncEnumerable().WithCancellation(cancellationToken))
            {
                yield return (names[change.LinkId], change);
            }

            last = names.Keys.Max();
        }
    }

    /// <summary>Everything about a link that is remembered, as it is now.</summary>
    internal static IReadOnlyList<string?> Remember(Link link) => [.. Enum.GetValues<LinkField>().Select(field => Text(link, field))];

    /// <summary>What has become different since then.</summary>
    internal static IEnumerable<LinkChange> Since(IReadOnlyList<string?> before, Link link, DateTimeOffset now) =>
        Enum.GetValues<LinkField>()
            .Select(field => new LinkChange { LinkId = link.Id, At = now, Field = field, Before = before[(int)field], After = Text(link, field) })
            .Where(change => change.Before != change.After);

    private static string? Text(Link link, LinkField field) => field switch
    {
        LinkField.Alias => link.ShortCode,
        LinkField.Domain => link.DomainHost,
        LinkField.Destination => link.LongUrl,
        LinkField.Status => link.Status.ToString().ToUpperInvariant(),
        LinkField.Password => link.PasswordHash is null ? null : LinkChange.SomePassword,
        LinkField.MaxClicks => link.MaxClicks?.ToString(CultureInfo.InvariantCulture),
        LinkField.Expiry => Moment(link.ExpireAfter),
        LinkField.StartsAt => Moment(link.StartsAt),
        LinkField.PreStartUrl => link.PreStartUrl,
        LinkField.Archived => Flag(link.ArchivedAt is not null),
        LinkField.BlockBots => Flag(link.BlockBots),
        LinkField.PassQuery => Flag(link.PassQuery),
        LinkField.PassPath => Flag(link.PassPath),
        LinkField.RedirectStatus => (link.RedirectStatus ?? LinkRedirects.Default).ToString(CultureInfo.InvariantCulture),
        LinkField.Rules => link.Rules is null ? null : Cut(string.Join("; ", link.Rules.All.Select(InWords))),
        LinkField.Preview => link.Preview?.Title,
        LinkField.ExpiredUrl => link.ExpiredUrl,
        _ => throw new ArgumentOutOfRangeException(nameof(field)),
    };

    private static string InWords(TargetRule rule) => $"{rule.Name}{(rule.Weight is { } weight ? $" {weight} %" : "")} → {rule.Url}";

    private static string? Moment(DateTimeOffset? moment) => moment?.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static string Cut(string text) => text.Length <= Link.MaxLongUrlLength ? text : text[..Link.MaxLongUrlLength];

    // "Not said" means no, so that saying no changes nothing.
    private static string Flag(bool? flag) => flag == true ? "true" : "false";
}
