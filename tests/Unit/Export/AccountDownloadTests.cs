using System.IO.Compression;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Alerts;
using Spoo.Data.Care;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Blocks;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Destinations;
using Spoo.Data.Links.Domains;
using Spoo.Data.Links.Missed;
using Spoo.Data.Links.Pictures;
using Spoo.Data.Transfer.Imports;
using Spoo.Data.Webhooks;
using Spoo.Tests.Support;

namespace Spoo.Tests.Export;

/// <summary>What people take along is everything of theirs: each table is in a file of the archive, or is left out for a reason.</summary>
public sealed class AccountDownloadTests(SpooApp app) : IClassFixture<SpooApp>
{
    private static readonly Dictionary<Type, string> Files = new()
    {
        [typeof(SpooUser)] = "account.json",
        [typeof(ApiKey)] = "keys.json",
        [typeof(UtmTemplate)] = "templates.json",
        [typeof(WebhookEndpoint)] = "webhooks.json",
        [typeof(WebhookDelivery)] = "webhooks.json",
        [typeof(AlertRule)] = "alerts.json",
        [typeof(Alert)] = "alerts.json",
        [typeof(AlertCheck)] = "alerts.json",
        [typeof(Link)] = "links.ndjson",
        [typeof(KeptPicture)] = "pictures/",
        [typeof(LinkTag)] = "links.csv",
        [typeof(LinkChange)] = "changes.csv",
        [typeof(Click)] = "clicks.ndjson",
        [typeof(ImportedTotal)] = "totals.ndjson",
        [typeof(Domain)] = "domains.json",
        [typeof(MissedCode)] = "domains.json",
        [typeof(SavedView)] = "views.json",
        [typeof(MailReport)] = "views.json",
        [typeof(ImportRecord)] = "imports.json",
        [typeof(ClickWriterNode)] = "imports.json",
        [typeof(UserSession)] = "security.json",
        [typeof(SecurityEvent)] = "security.json",
        [typeof(UserPasskey)] = "security.json",
        [typeof(IdentityUserLogin<string>)] = "security.json",
        [typeof(IdentityUserClaim<string>)] = "security.json",
        [typeof(IdentityUserRole<string>)] = "security.json",
        [typeof(AccountQuota)] = "other.json",
        [typeof(Invitation)] = "other.json",
        [typeof(IdentityUserToken<string>)] = "other.json",
    };

    private static readonly Dictionary<Type, string> LeftOut = new()
    {
        [typeof(IdentityRole)] = "no account's",
        [typeof(IdentityRoleClaim<string>)] = "no account's",
        [typeof(AuditEntry)] = "the operator's record of what administrators did; they export it on its own page",
        [typeof(StoredSetting)] = "the installation's",
        [typeof(InstallationSecret)] = "the installation's",
        [typeof(NodeCalls)] = "how often whom, by hashes, called within the last minutes, for other nodes",
        [typeof(BlockedHost)] = "the operator's",
        [typeof(LinkReport)] = "what others told the operator in confidence",
        [typeof(DeletedLink)] = "the number of a link that is gone, until its clicks are",
        [typeof(ClickMove)] = "the installation's: how far clicks live in ClickHouse",
        [typeof(MovedRemoval)] = "which clicks are to leave ClickHouse still",
        [typeof(ImportedLink)] = "by what an import is undone; the links themselves are in links.ndjson",
        [typeof(ClickAgent)] = "said once for the clicks of all accounts; what the account's clicks say of it is in clicks.ndjson",
        [typeof(ClickPlace)] = "the same",
        [typeof(ClickSource)] = "the same",
    };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_table_is_in_the_archive_or_is_left_out_for_a_reason()
    {
        using var database = app.OpenDatabase();

        Assert.Equal(
            Files.Keys.Concat(LeftOut.Keys).Select(type => type.Name).Order(StringComparer.Ordinal),
            database.Model.GetEntityTypes().Select(entity => entity.ClrType.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Each_file_says_what_is_in_its_tables_and_nothing_of_anybody_else()
    {
        var (me, other) = (await app.AddUserAsync(), await app.AddUserAsync());
        var words = await PlantAsync(me, "mine");
        var theirs = await PlantAsync(other, "theirs");
        using var client = await app.SignedInAsync(me);

        using var archive = new MemoryStream(await client.GetByteArrayAsync("/settings/download", Cancelled));
        await using var zip = new ZipArchive(archive);

        var texts = new Dictionary<string, string>();
        foreach (var entry in zip.Entries)
        {
            using var reader = new StreamReader(await entry.OpenAsync(Cancelled));
            var file = entry.FullName[..(entry.FullName.IndexOf('/') is > 0 and var folder ? folder + 1 : entry.FullName.Length)];
            texts[file] = texts.GetValueOrDefault(file) + await reader.ReadToEndAsync(Cancelled);
        }

        Assert.Equal(Files.Keys.Select(type => type.Name).Order(), words.Keys.Select(type => type.Name).Order());
        Assert.Equal([], words.Where(word => !texts[Files[word.Key]].Contains(word.Value, StringComparison.Ordinal)).Select(word => $"{word.Key.Name} is not in {Files[word.Key]}: {texts[Files[word.Key]]}"));
        Assert.Equal([], theirs.Values.Where(word => word.StartsWith("theirs", StringComparison.Ordinal)).Where(word => texts.Values.Any(text => text.Contains(word, StringComparison.Ordinal))));
        Assert.All(texts.Keys.Where(name => name != "README.txt"), name => Assert.Contains(name, texts["README.txt"], StringComparison.Ordinal));
        Assert.All(texts.Values, text => Assert.DoesNotContain("secretword", text, StringComparison.Ordinal));
    }

    /// <summary>One row in each table that belongs to an account, and the word by which it is known again.</summary>
    private async Task<Dictionary<Type, string>> PlantAsync(SpooUser owner, string word)
    {
        var (service, now) = (app.Get<LinkService>(), DateTimeOffset.UtcNow);
        var link = await app.AddAsync(Some.Link(owner: owner, longUrl: $"https://example.com/{word}-link"));
        await service.EditAsync(link.PublicId, new LinkEdit { Tags = [$"{word}-tag"], Note = new("n"), LongUrl = $"https://example.com/{word}-changed" }, Viewer.User(owner.Id), null, Cancelled);
        await app.AddAsync(Some.Click(link) with { Referrer = $"{word}-click.example" });
        await app.Get<ApiKeyService>().CreateAsync(owner.Id, $"{word}-key", [ApiKeyScope.StatsRead]);
        await using var database = app.OpenDatabase();
        var domain = new Domain { PublicId = PublicId.New(now), Host = $"{word}-domain.example.com", OwnerId = owner.Id, State = DomainState.Active, CreatedAt = now };
        var (_, isSealed, prefix) = app.Get<WebhookSecrets>().Make();
        var endpoint = new WebhookEndpoint
        {
            PublicId = PublicId.New(now),
            OwnerId = owner.Id,
            Url = $"https://127.0.0.1/{word}-webhook",
            Events = ["link.created"],
            Secret = isSealed,
            SecretPrefix = prefix,
            ShortLinksAt = "http://localhost",
            CreatedAt = now,
            ToldUntil = now,
        };
        var view = new SavedView { Id = PublicId.New(now), OwnerId = owner.Id, Name = $"{word}-view", Url = "/dashboard", CreatedAt = now };
        var import = new ImportRecord { OwnerId = owner.Id, Kind = ImportKind.Links, State = ImportState.Done, ByCommand = false, Name = $"{word}-import.csv", Format = "csv", Choices = "{}", Head = 1, StartedAt = now, HeardAt = now };
        var role = await database.Roles.OrderBy(row => row.Name).FirstAsync(Cancelled);
        database.AddRange(
            domain,
            endpoint,
            view,
            import,
            new UtmTemplate { Id = PublicId.New(now), OwnerId = owner.Id, Name = $"{word}-template", Query = "utm_source=a", CreatedAt = now },
            new KeptPicture { OwnerId = owner.Id, Name = $"{word}.png", MediaType = "image/png", Content = System.Text.Encoding.UTF8.GetBytes($"{word}-picture"), BroughtAt = now },
            new ClickWriterNode { Name = $"{word}-run", OwnerId = owner.Id, CreatedAt = now, FinishedAt = now },
            new UserSession { Id = UserSession.NewId(), UserId = owner.Id, CreatedAt = now, LastSeenAt = now, PasswordAt = now, Client = $"{word}-session" },
            new SecurityEvent { UserId = owner.Id, At = now, Kind = SecurityEventKind.KeyMade, Detail = $"{word}-event" },
            new UserPasskey
            {
                Id = UserPasskey.IdOf(System.Text.Encoding.UTF8.GetBytes(word)),
                UserId = owner.Id,
                CredentialId = [1],
                PublicKey = [2],
                Name = $"{word}-passkey",
                CreatedAt = now,
                SignCount = 0,
                IsUserVerified = true,
                IsBackupEligible = false,
                IsBackedUp = false,
            },
            new AccountQuota { UserId = owner.Id, Kind = QuotaKind.Links, Most = word.Length + 123_400 },
            new Invitation { Id = PublicId.New(now), TokenHash = Invitation.HashOf("secretword" + word), Email = $"{word}-invited@example.com", CreatedAt = now, CreatedById = owner.Id, ExpiresAt = now },
            new IdentityUserLogin<string> { UserId = owner.Id, LoginProvider = "oidc", ProviderKey = $"{word}-signin", ProviderDisplayName = "Work" },
            new IdentityUserClaim<string> { UserId = owner.Id, ClaimType = "department", ClaimValue = $"{word}-claim" },
            new IdentityUserRole<string> { UserId = owner.Id, RoleId = role.Id },
            new IdentityUserToken<string> { UserId = owner.Id, LoginProvider = AccountRecords.LayoutProvider, Name = "analytics", Value = $$"""{"layout":"{{word}}-layout"}""" },
            new IdentityUserToken<string> { UserId = owner.Id, LoginProvider = "[AspNetUserStore]", Name = "AuthenticatorKey", Value = "secretword" });
        await database.SaveChangesAsync(Cancelled);
        var delivery = WebhookOutbox.New(endpoint, "link.created", WebhookBody.NewMessageId(), $$"""{"id":"{{word}}-delivery"}""", now);
        var rule = new AlertRule { Id = PublicId.New(now), OwnerId = owner.Id, Kind = AlertKind.Spike, Tag = $"{word}-rule", Threshold = 3, CreatedAt = now, NextAt = now.AddDays(1) };
        database.AddRange(
            delivery,
            new ImportedTotal { LinkId = link.Id, ImportId = import.Id, Day = ImportedTotal.NoDay, Clicks = word.Length + 55_500, Until = now },
            rule,
            new Alert { Id = PublicId.New(now), RuleId = rule.Id, OwnerId = owner.Id, Kind = AlertKind.Spike, Key = "1", At = now, Subject = $"{word}-alert" },
            new AlertCheck { RuleId = rule.Id, SubjectId = $"{word}-check", CheckedAt = now },
            new MissedCode { DomainId = domain.Id, Code = $"{word}-missed", Times = 1, FirstAt = now, LastAt = now },
            new MailReport { Id = PublicId.New(now), OwnerId = owner.Id, ViewId = view.Id, Rhythm = ReportRhythm.Monthly, NextAt = now, CreatedAt = now });
        await database.SaveChangesAsync(Cancelled);
        return new Dictionary<Type, string>
        {
            [typeof(SpooUser)] = owner.Email!,
            [typeof(ApiKey)] = $"{word}-key",
            [typeof(UtmTemplate)] = $"{word}-template",
            [typeof(WebhookEndpoint)] = $"{word}-webhook",
            [typeof(WebhookDelivery)] = $"{word}-delivery",
            [typeof(AlertRule)] = $"{word}-rule",
            [typeof(Alert)] = $"{word}-alert",
            [typeof(AlertCheck)] = $"{word}-check",
            [typeof(Link)] = $"{word}-changed",
            [typeof(KeptPicture)] = $"{word}-picture",
            [typeof(LinkTag)] = $"{word}-tag",
            [typeof(LinkChange)] = $"{word}-link",
            [typeof(Click)] = $"{word}-click",
            [typeof(ImportedTotal)] = $"{word.Length + 55_500}",
            [typeof(Domain)] = $"{word}-domain",
            [typeof(MissedCode)] = $"{word}-missed",
            [typeof(SavedView)] = $"{word}-view",
            [typeof(MailReport)] = "Monthly",
            [typeof(ImportRecord)] = $"{word}-import",
            [typeof(ClickWriterNode)] = $"{word}-run",
            [typeof(UserSession)] = $"{word}-session",
            [typeof(SecurityEvent)] = $"{word}-event",
            [typeof(UserPasskey)] = $"{word}-passkey",
            [typeof(IdentityUserLogin<string>)] = $"{word}-signin",
            [typeof(IdentityUserClaim<string>)] = $"{word}-claim",
            [typeof(IdentityUserRole<string>)] = role.Name!,
            [typeof(AccountQuota)] = $"{word.Length + 123_400}",
            [typeof(Invitation)] = $"{word}-invited",
            [typeof(IdentityUserToken<string>)] = $"{word}-layout",
        };
    }
}
