using System.Globalization;
using System.IO.Compression;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Identity;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Destinations;
using Spoo.Data.Links.Pictures;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;
using Spoo.Data.Transfer.ClickExports;
using Spoo.Data.Webhooks;
using Spoo.Web.Addresses;
using Spoo.Web.Wire;

namespace Spoo.Web.Export;

/// <summary>Everything of an account as one ZIP archive, written while it is read: memory does not grow with the number of clicks.</summary>
internal static class AccountDownload
{
    private const string ReadMe = """
        Everything that this server has of your account.

        links.csv        your links with their tags, for spreadsheets; "Import links" reads it back, without passwords
        links.ndjson     your links with all that is known of them, one JSON object a line; times are ISO 8601 in UTC
        changes.csv      what was changed about your links, and when
        clicks.ndjson    every click on them, one JSON object a line; import clicks reads it back
        templates.json   your templates of campaign parameters
        keys.json        your API keys without their secrets, of which the server knows only hashes
        webhooks.json    your webhooks without their secrets, and what was delivered to them in the last 30 days
        alerts.json      your rules for alerts, and what they have found in the last 90 days
        domains.json     your domains with their settings, and the codes that people asked for there in vain
        views.json       your saved views, and the reports that come by mail
        totals.ndjson    clicks of which imports told only how many they were, one JSON object a day (none: of no known day) and link
        imports.json     the files that you imported, how they were read and what came of them
        security.json    where you are signed in, what happened to the safety of your account, and your roles
        pictures/        the pictures that you brought for the cards of links
        apps.json        the programs that you let in, without their secrets
        other.json       limits that are your own, invitations that you wrote, layouts that programs keep for you
        account.json     your account and its settings

        """;

    /// <summary>More than wait at any time, and so all but the oldest of a busy endpoint.</summary>
    private const int MostDeliveries = 10_000;

    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    private static readonly JsonSerializerOptions Indented = new(ApiJson.Options) { WriteIndented = true };

    public static async Task<IResult> WriteAsync(
        ClaimsPrincipal user, UserManager<SpooUser> users, ApiKeyService keys, LinkList links, LinkPictures pictures, LinkChanges changes, UtmTemplates templates, StatsService stats, ClickExport clicks,
        WebhookService webhooks, AccountRecords records, AppGrants grants, TimeProvider clock, HttpContext http, CancellationToken cancellationToken)
    {
        if (await users.GetUserAsync(user) is not { } account)
        {
            return Results.LocalRedirect("~/" + SpooUrls.Login);
        }

        // What can go wrong with the database goes wrong before the first byte, as far as possible.
        var (selection, refusal) = await stats.SelectAsync(
            new StatsQuery { Scope = StatsScope.All, GroupBy = [], Period = Period.AllTime }, Viewer.User(account.Id), cancellationToken);
        if (selection is null)
        {
            throw new InvalidOperationException(refusal!.Message);
        }

        // Older clicks may live with a server of their own, which may be away while the database is not.
        await using var pages = clicks.ReadAsync(selection, ClickText.Find("ndjson")!, after: null, cancellationToken).GetAsyncEnumerator(cancellationToken);
        using var beginning = new MemoryStream();
        for (var read = 0; read < 2 && await pages.MoveNextAsync(); read++)
        {
            beginning.Write(pages.Current.Text.Span);
        }

        var now = clock.GetUtcNow();
        var day = now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        http.Response.ContentType = "application/zip";
        http.Response.Headers.ContentDisposition = FileNames.Disposition($"spoo-account-{day}.zip");
        http.Response.Headers.CacheControl = "private, no-store";

        // The archive's headers are a few bytes that the library writes at once; what is large is written asynchronously.
        if (http.Features.Get<IHttpBodyControlFeature>() is { } control)
        {
            control.AllowSynchronousIO = true;
        }

        await using var zip = await ZipArchive.CreateAsync(http.Response.Body, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        await AddAsync(zip, "README.txt", body => body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(ReadMe), cancellationToken).AsTask(), cancellationToken);
        await AddAsync(zip, "account.json", body => JsonSerializer.SerializeAsync(body, Settings(account), Indented, cancellationToken), cancellationToken);
        var ownedKeys = await keys.ListAsync(account.Id, cancellationToken);
        await AddAsync(
            zip, "keys.json", body => JsonSerializer.SerializeAsync(body, ownedKeys.Select(Fields).ToList(), Indented, cancellationToken), cancellationToken);
        var ownedTemplates = await templates.ListAsync(account.Id, cancellationToken);
        await AddAsync(
            zip,
            "templates.json",
            body => JsonSerializer.SerializeAsync(body, ownedTemplates.Select(template => new { template.Name, template.Query, template.CreatedAt }).ToList(), Indented, cancellationToken),
            cancellationToken);
        await AddAsync(zip, "webhooks.json", async body => await JsonSerializer.SerializeAsync(body, await WebhooksAsync(webhooks, Viewer.User(account.Id), cancellationToken), Indented, cancellationToken), cancellationToken);
        foreach (var record in await records.ReadAsync(account.Id, cancellationToken))
        {
            await AddAsync(zip, record.File, body => JsonSerializer.SerializeAsync(body, record.Content, Indented, cancellationToken), cancellationToken);
        }

        var apps = await grants.ListAsync(account.Id, cancellationToken);
        await AddAsync(
            zip, "apps.json", body => JsonSerializer.SerializeAsync(body, apps.Select(app => new { app.AppId, app.Scopes, app.GrantedAt, app.LastUsedAt }).ToList(), Indented, cancellationToken), cancellationToken);
        var owned = links.AllAsync(new LinkSelection { OwnerId = account.Id }, cancellationToken);
        await AddAsync(zip, "links.csv", body => LinkCsv.WriteAsync(owned, now, hasByteOrderMark: false, body, cancellationToken), cancellationToken);
        await AddAsync(zip, "links.ndjson", body => WriteLinesAsync(body, owned, Fields, cancellationToken), cancellationToken);
        await foreach (var picture in pictures.OfAsync(account.Id, cancellationToken))
        {
            await AddAsync(zip, "pictures/" + picture.Name, body => body.WriteAsync(picture.Content, cancellationToken).AsTask(), cancellationToken);
        }

        await AddAsync(zip, "totals.ndjson", body => WriteLinesAsync(body, records.TotalsAsync(account.Id, cancellationToken), total => total, cancellationToken), cancellationToken);
        await AddAsync(
            zip, "changes.csv", body => LinkCsv.WriteChangesAsync(changes.AllAsync(account.Id, cancellationToken), body, cancellationToken), cancellationToken);
        await AddAsync(
            zip,
            "clicks.ndjson",
            async body =>
            {
                await body.WriteAsync(beginning.GetBuffer().AsMemory(0, (int)beginning.Length), cancellationToken);
                while (await pages.MoveNextAsync())
                {
                    await body.WriteAsync(pages.Current.Text, cancellationToken);
                }
            },
            cancellationToken);
        return Results.Empty;
    }

    private static async Task AddAsync(ZipArchive zip, string name, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        await using var body = await zip.CreateEntry(name, CompressionLevel.Fastest).OpenAsync(cancellationToken);
        await write(body);
    }

    private static async Task WriteLinesAsync<T>(Stream body, IAsyncEnumerable<T> rows, Func<T, object> fieldsOf, CancellationToken cancellationToken)
    {
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            await JsonSerializer.SerializeAsync(body, fieldsOf(row), ApiJson.Options, cancellationToken);
            await body.WriteAsync(LineEnd, cancellationToken);
        }
    }

    private static async Task<List<object>> WebhooksAsync(WebhookService webhooks, Viewer viewer, CancellationToken cancellationToken)
    {
        List<object> all = [];
        foreach (var endpoint in await webhooks.ListAsync(viewer, cancellationToken))
        {
            var deliveries = await webhooks.DeliveriesAsync(endpoint.PublicId, null, 0, MostDeliveries, viewer, cancellationToken);
            all.Add(new
            {
                endpoint.PublicId,
                endpoint.Url,
                endpoint.Description,
                endpoint.Events,
                endpoint.ScopeLinks,
                Flavor = endpoint.Flavor.ToString(),
                Status = endpoint.Status.ToString(),
                endpoint.CreatedAt,
                Deliveries = deliveries?.Deliveries.Select(delivery => new { delivery.MessageId, delivery.EventType, Status = delivery.Status.ToString(), delivery.CreatedAt, delivery.Body, delivery.Attempts }),
            });
        }

        return all;
    }

    private static object Settings(SpooUser account) => new
    {
        account.Id,
        account.Email,
        account.EmailConfirmed,
        account.CreatedAt,
        account.DisplayName,
        account.Language,
        account.TimeZone,
        account.DefaultPeriod,
        account.PeopleOnly,
        account.RetentionDays,
        account.TwoFactorEnabled,
        account.DisabledAt,
        account.LastSeenAt,
    };

    private static object Fields(ApiKey key) => new
    {
        key.Id,
        key.Name,
        key.Description,
        key.Scopes,
        key.TokenPrefix,
        key.CreatedAt,
        key.ExpiresAt,
        key.RevokedAt,
        key.LastUsedAt,
    };

    private static object Fields(Link link) => new
    {
        Id = link.PublicId,
        Domain = link.DomainHost,
        link.ShortCode,
        link.LongUrl,
        link.Title,
        link.Note,
        Tags = link.Tags.Select(tag => tag.Name).Order(StringComparer.Ordinal),
        link.CreatedAt,
        link.UpdatedAt,
        Status = link.Status.ToString(),
        link.BlockedReason,
        HasPassword = link.PasswordHash is not null,
        link.BlockBots,
        link.BlockedHits,
        link.PassQuery,
        link.PassPath,
        RedirectStatus = link.RedirectStatus ?? LinkRedirects.Default,
        link.ExpiredUrl,
        link.StartsAt,
        link.PreStartUrl,
        link.ArchivedAt,
        link.Rules,
        Card = link.Preview,
        link.MaxClicks,
        link.ExpireAfter,
        link.PrivateStats,
        link.TotalClicks,
        link.ImportedClicks,
        link.ForgottenClicks,
        link.PreviewClicks,
        link.LastClick,
    };
}
