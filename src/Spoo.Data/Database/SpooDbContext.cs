using System.Linq.Expressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Spoo.Data.Accounts;
using Spoo.Data.Alerts;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Links;
using Spoo.Data.Links.Blocks;
using Spoo.Data.Links.Destinations;
using Spoo.Data.Links.Domains;
using Spoo.Data.Links.Missed;
using Spoo.Data.Links.Pictures;
using Spoo.Data.Webhooks;

namespace Spoo.Data.Database;

/// <summary>Users, keys, links and clicks. One model; a derived context per database carries that database's migrations.</summary>
public abstract class SpooDbContext(DbContextOptions options) : IdentityDbContext<SpooUser>(options)
{
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    public DbSet<UserSession> UserSessions => Set<UserSession>();

    public DbSet<UserPasskey> Passkeys => Set<UserPasskey>();

    public DbSet<SecurityEvent> SecurityEvents => Set<SecurityEvent>();

    public DbSet<Invitation> Invitations => Set<Invitation>();

    public DbSet<AccountQuota> AccountQuotas => Set<AccountQuota>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    public DbSet<StoredSetting> Settings => Set<StoredSetting>();

    public DbSet<SavedView> SavedViews => Set<SavedView>();

    public DbSet<MailReport> MailReports => Set<MailReport>();

    public DbSet<AlertRule> AlertRules => Set<AlertRule>();

    public DbSet<Alert> Alerts => Set<Alert>();

    public DbSet<AlertCheck> AlertChecks => Set<AlertCheck>();

    public DbSet<Domain> Domains => Set<Domain>();

    public DbSet<Link> Links => Set<Link>();

    public DbSet<MissedCode> MissedCodes => Set<MissedCode>();

    public DbSet<UtmTemplate> UtmTemplates => Set<UtmTemplate>();

    public DbSet<DeletedLink> DeletedLinks => Set<DeletedLink>();

    public DbSet<LinkReport> LinkReports => Set<LinkReport>();

    public DbSet<BlockedHost> BlockedHosts => Set<BlockedHost>();

    public DbSet<LinkTag> LinkTags => Set<LinkTag>();

    public DbSet<LinkChange> LinkChanges => Set<LinkChange>();

    public DbSet<WebhookEndpoint> WebhookEndpoints => Set<WebhookEndpoint>();

    public DbSet<WebhookDelivery> WebhookDeliveries => Set<WebhookDelivery>();

    public DbSet<Click> Clicks => Set<Click>();

    public DbSet<ClickAgent> ClickAgents => Set<ClickAgent>();

    public DbSet<ClickPlace> ClickPlaces => Set<ClickPlace>();

    public DbSet<ClickSource> ClickSources => Set<ClickSource>();

    public DbSet<ClickWriterNode> ClickWriters => Set<ClickWriterNode>();

    public DbSet<ClickMove> ClickMoves => Set<ClickMove>();

    public DbSet<MovedRemoval> MovedRemovals => Set<MovedRemoval>();

    public DbSet<KeptPicture> Pictures => Set<KeptPicture>();

    public DbSet<InstallationSecret> InstallationSecrets => Set<InstallationSecret>();

    /// <summary>Whether the text has the part that is looked for, as <see cref="TextPart"/> says it. Only for questions to the database.</summary>
    public static bool Has(string? text, string pattern, string capitals, string smalls) => throw new NotSupportedException($"'{text}' is not a column.");

    // Instants are Unix milliseconds in every database: the same number everywhere, compared as numbers, and 6 bytes in SQLite.
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(SpooDbContext).Assembly);
        builder.Entity<SpooUser>().Property(user => user.Id).HasMaxLength(PublicId.Length).IsUnicode(false);
        builder.Entity<SpooUser>().Property(user => user.DisplayName).HasMaxLength(SpooUser.MaxDisplayNameLength);
        builder.Entity<SpooUser>().Property(user => user.Language).HasMaxLength(10).IsUnicode(false);
        builder.Entity<SpooUser>().Property(user => user.TimeZone).HasMaxLength(64).IsUnicode(false);
        builder.Entity<SpooUser>().Property(user => user.DefaultPeriod).HasMaxLength(32).IsUnicode(false);
        builder.Entity<SpooUser>().Ignore(user => user.Title);

        // Written on their own: Identity writes all of a person as it was when it read them.
        builder.Entity<SpooUser>().Property(user => user.DisabledAt).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        builder.Entity<SpooUser>().Property(user => user.LastSeenAt).Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        builder.Entity<IdentityRole>().Property(role => role.Id).HasMaxLength(PublicId.Length).IsUnicode(false);
        builder.Entity<IdentityRole>().HasData(Administrators.NewRole());
        builder.HasDbFunction(() => Has("", "", "", "")).HasTranslation(arguments =>
            new LikeExpression(WithoutCase(arguments[0], arguments[2], arguments[3]), arguments[1], Letters(TextPart.Escape, arguments[1]), BoolTypeMapping.Default));
    }

    /// <summary>How this database says: the text with its letters of ASCII, and each of the capital ones that are named, small.</summary>
    protected abstract SqlExpression WithoutCase(SqlExpression text, SqlExpression capitals, SqlExpression smalls);

    /// <summary>Letters as they are, of the same type as another text.</summary>
    protected static SqlExpression Letters(string letters, SqlExpression like) => new SqlConstantExpression(letters, typeof(string), like.TypeMapping);

    /// <summary>A function that gives a text of the same type as its first one, and nothing for nothing.</summary>
    protected static SqlExpression Function(string name, params SqlExpression[] arguments) =>
        new SqlFunctionExpression(name, arguments, nullable: true, arguments.Select((_, number) => number == 0), typeof(string), arguments[0].TypeMapping);

    /// <summary>Lets every text be compared by its code points, whatever the type that it has here.</summary>
    protected static void CompareByCodePoint(ModelBuilder builder, string collation)
    {
        foreach (var property in builder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
        {
            if ((property.GetValueConverter()?.ProviderClrType ?? property.GetProviderClrType() ?? property.ClrType) == typeof(string))
            {
                property.SetCollation(collation);
            }
        }
    }

    // What another program wrote, such as microseconds, is the last instant that there is: one such row must not keep a list, or a visitor, from all others.
    private sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
        instant => instant.ToUnixTimeMilliseconds(),
        milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(milliseconds, First, Last)))
    {
        private const long First = -62_135_596_800_000;
        private const long Last = 253_402_300_799_999;
    }
}

/// <summary>The embedded default: one file in the data folder.</summary>
public sealed class SqliteSpooDbContext(DbContextOptions<SqliteSpooDbContext> options) : SpooDbContext(options)
{
    // LIKE takes letters of ASCII without their case by itself, in half the time that small letters of each text would take; TRANSLATE is ours
    // (SqliteConnections), and asked only about texts that have other letters.
    protected override SqlExpression WithoutCase(SqlExpression text, SqlExpression capitals, SqlExpression smalls)
    {
        var hasOthers = new SqlBinaryExpression(
            ExpressionType.AndAlso,
            new SqlBinaryExpression(ExpressionType.NotEqual, capitals, Letters("", capitals), typeof(bool), BoolTypeMapping.Default),
            new SqlBinaryExpression(ExpressionType.GreaterThan, Count("octet_length", text), Count("length", text), typeof(bool), BoolTypeMapping.Default),
            typeof(bool),
            BoolTypeMapping.Default);
        return new CaseExpression([new CaseWhenClause(hasOthers, Function("TRANSLATE", text, capitals, smalls))], text);

        static SqlFunctionExpression Count(string function, SqlExpression text) => new(function, [text], nullable: true, [true], typeof(int), IntTypeMapping.Default);
    }
}

/// <summary>A server for teams.</summary>
public sealed class SqlServerSpooDbContext(DbContextOptions<SqlServerSpooDbContext> options) : SpooDbContext(options)
{
    /// <summary>
    /// Texts are equal when they are the same, and sort as in SQLite. By the rules of a language, which a database of SQL Server goes by, a tag
    /// would be another one (m2, m²), and what a filter finds depend on who made the database.
    /// </summary>
    private const string BinaryCollation = "Latin1_General_100_BIN2";

    private const string CapitalLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        CompareByCodePoint(builder, BinaryCollation);
    }

    // LOWER would change letters of all languages, by rules of its own.
    protected override SqlExpression WithoutCase(SqlExpression text, SqlExpression capitals, SqlExpression smalls) =>
        Function("TRANSLATE", text, And(CapitalLetters, capitals), And(CapitalLetters.ToLowerInvariant(), smalls));

    private static SqlBinaryExpression And(string letters, SqlExpression more) => new(ExpressionType.Add, Letters(letters, more), more, typeof(string), more.TypeMapping);
}

/// <summary>The other server for teams.</summary>
public sealed class PostgreSqlSpooDbContext(DbContextOptions<PostgreSqlSpooDbContext> options) : SpooDbContext(options)
{
    /// <summary>
    /// Compares and changes the case of texts by code point and ASCII, as SQLite does. A language's collation would sort them differently,
    /// and an update of the operating system may change it under the indexes.
    /// </summary>
    private const string BinaryCollation = "C";

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        CompareByCodePoint(builder, BinaryCollation);

        // A name without quotes would be one in small letters.
        builder.Entity<Click>().HasIndex(click => click.ImportKey).HasFilter("\"ImportKey\" IS NOT NULL");
        builder.Entity<Link>().HasIndex(link => link.ExpireAfter).HasFilter("\"ExpireAfter\" IS NOT NULL");
        builder.Entity<Link>().HasIndex(link => new { link.OwnerId, link.ArchivedAt }).HasFilter("\"ArchivedAt\" IS NOT NULL");
        builder.Entity<Domain>().HasIndex(domain => domain.Host).HasFilter("\"State\" IN ('Active', 'Suspended')");
    }

    protected override SqlExpression WithoutCase(SqlExpression text, SqlExpression capitals, SqlExpression smalls) =>
        Function("translate", Function("lower", text), capitals, smalls);
}
