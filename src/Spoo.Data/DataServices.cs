using System.Data.Common;
using System.Net;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Spoo.Data.Accounts;
using Spoo.Data.Alerts;
using Spoo.Data.Care;
using Spoo.Data.Clicks.Journal;
using Spoo.Data.Clicks.Moved;
using Spoo.Data.Clicks.News;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Database;
using Spoo.Data.Demo;
using Spoo.Data.Links;
using Spoo.Data.Links.Blocks;
using Spoo.Data.Links.Destinations;
using Spoo.Data.Links.Domains;
using Spoo.Data.Links.Missed;
using Spoo.Data.Links.Pictures;
using Spoo.Data.Stats;
using Spoo.Data.Stats.ClickHouse;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;
using Spoo.Data.Transfer.ClickExports;
using Spoo.Data.Transfer.ClickFiles;
using Spoo.Data.Transfer.Imports;
using Spoo.Data.Transfer.LinkFiles;
using Spoo.Data.Webhooks;

namespace Spoo.Data;

/// <summary>This project's only registrations.</summary>
public static class DataServices
{
    /// <summary>The database, links, clicks and statistics.</summary>
    public static IHostApplicationBuilder AddSpooData(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<DataOptions>()
            .BindConfiguration(DataOptions.Section)
            .PostConfigure(options => options.ConnectionString = options is { Database: not DatabaseKind.Sqlite, Password.Length: > 0, ConnectionString.Length: > 0 }
                ? ConnectionOf(options)?.ToString() ?? options.ConnectionString
                : options.ConnectionString)
            .ValidateDataAnnotations()
            .Validate(
                options => options.Database == DatabaseKind.Sqlite || !string.IsNullOrWhiteSpace(options.ConnectionString),
                "Data:ConnectionString is required with Data:Database=SqlServer and Data:Database=PostgreSql")
            .Validate(options => ConnectionOf(options) is not null, "Data:ConnectionString is not one that the database's driver understands; docs/operations.md has examples")
            .ValidateOnStart();
        services.AddOptions<StatsOptions>().BindConfiguration(StatsOptions.Section).ValidateDataAnnotations().ValidateOnStart()
            .Validate<IOptions<ClickHouseOptions>>(
                (stats, clickHouse) => stats.Engine != StatsEngine.ClickHouse || clickHouse.Value.Parsed() is not null,
                "Stats:ClickHouse:ConnectionString is required with Stats:Engine=ClickHouse, and names the server as in Host=clickhouse;Port=8123;Database=spoo;Username=spoo; of several servers Stats:ClickHouse:Shards names each, as in Host=clickhouse-1")
            .Validate<IOptions<ClickHouseOptions>>(
                (stats, clickHouse) => stats.Engine != StatsEngine.ClickHouse || clickHouse.Value.AreDifferent,
                "Stats:ClickHouse:Shards names the same database of the same server twice, so that it would count twice as much; each shard is a server of its own")
            .Validate<IConfiguration>(
                (stats, settings) => stats.Engine != StatsEngine.ClickHouse || string.IsNullOrEmpty(settings[$"{ClickHouseOptions.Section}:{nameof(ClickHouseOptions.Shards)}"]),
                "Stats:ClickHouse:Shards is a list, of which each entry is a setting of its own: Stats:ClickHouse:Shards:0, Stats:ClickHouse:Shards:1");
        services.AddOptions<ClickHouseOptions>().BindConfiguration(ClickHouseOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<ClickHouseOptions>>().Value);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<StatsOptions>>().Value);
        services.AddOptions<ShorteningOptions>().BindConfiguration(ShorteningOptions.Section).ValidateDataAnnotations().ValidateOnStart()
            .Validate(
                options => LinkSchemes.AreAllowed(options.Schemes),
                "Links:Schemes should name schemes with blanks between them, such as 'mailto tel sms', and none that runs in a browser or reads files, such as javascript, data, file or vbscript")
            .PostConfigure<IConfiguration>((links, settings) => links.OtherHosts =
                [.. (settings["AllowedHosts"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(host => !host.Contains('*'))]);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<ShorteningOptions>>().Value);
        services.AddOptions<AccountOptions>().BindConfiguration(AccountOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<AccountOptions>>().Value);
        services.AddSingleton<Passkeys>();

        services.AddOptions<QuotaOptions>().BindConfiguration(QuotaOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<QuotaOptions>>().Value);

        services.AddSingleton<StoreGate>();
        services.AddSingleton<SpooContexts>();
        services.AddSingleton<IDbContextFactory<SpooDbContext>>(provider => provider.GetRequiredService<SpooContexts>());
        services.AddScoped(provider =>
        {
            // Of requests and open pages, for whom the framework looks up who is asking.
            var context = provider.GetRequiredService<IDbContextFactory<SpooDbContext>>().CreateDbContext();
            context.Database.SetCommandTimeout(StoreFailure.Patience);
            return context;
        });
        services.AddSingleton<SpooDatabase>();
        services.AddSingleton(provider => provider.GetRequiredService<SpooDatabase>().Visitors);

        services.AddSingleton<ApiKeyService>();
        services.AddSingleton<SavedViews>();
        services.AddSingleton<MailReports>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<CallExchange>();
        services.AddSingleton<AppGrants>();
        services.AddSingleton<SecurityLog>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<Administrators>();
        services.AddSingleton<Quotas>();
        services.AddSingleton<Invitations>();
        services.AddSingleton<VerifiedEmail>();
        services.AddSingleton<AccountRemoval>();
        services.AddSingleton<AccountRecords>();
        services.AddSingleton<RunningSettings>();
        services.AddSingleton<People>();
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<SystemState>();
        services.AddSingleton<UnusedEntries>();
        services.AddSingleton<ClearingUp>();
        services.AddSingleton<ClickRetention>();
        services.AddSingleton<FirstRun>();
        services.AddOptions<ClickOptions>().BindConfiguration(ClickOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<ClickOptions>>().Value);
        services.AddOptions<ReadingOptions>().BindConfiguration(ReadingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<ReadingOptions>>().Value);
        services.AddOptions<PlaceOptions>()
            .Configure<IOptions<DataOptions>>((places, data) => places.Path = data.Value.PathOf("places"))
            .BindConfiguration(PlaceOptions.Section);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<PlaceOptions>>().Value);

        services.AddOptions<WebhookOptions>().BindConfiguration(WebhookOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<WebhookOptions>>().Value);
        services.AddSingleton<WebhookSecrets>();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<WebhookQueue>();
        services.AddSingleton<WebhookService>();
        services.AddSingleton<SentReports>();
        services.AddSingleton<ClickQuotas>();
        services.AddOptions<DomainOptions>().BindConfiguration(DomainOptions.Section).ValidateDataAnnotations()
            .Validate(
                domains => domains.NameServers.All(server => IPEndPoint.TryParse(server, out _)),
                "Domains:NameServers takes addresses such as 9.9.9.9 or 10.0.0.1:5353")
            .Validate<ShorteningOptions>(
                (domains, links) => domains.UnknownHosts == UnknownHosts.Serve || links.PublicUrl is not null || links.OtherHosts.Count > 0,
                "Domains:UnknownHosts=NotFound needs Links:PublicUrl, or the server would not know its own name")
            .ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<DomainOptions>>().Value);
        services.AddSingleton<KnownDomains>();
        services.AddSingleton<DomainProof>();
        services.AddSingleton<DomainService>();
        services.AddSingleton<LinkLookup>();
        services.AddSingleton<HostBlocks>();
        services.AddSingleton<LinkBlocks>();
        services.AddSingleton<LinkReports>();
        services.AddSingleton<MissedCodes>();
        services.AddSingleton<NewLinks>();
        services.AddSingleton<LinkService>();
        services.AddSingleton<DestinationPages>();
        services.AddSingleton<UserAgents>();
        services.AddSingleton<Bots>();
        services.AddSingleton<Places>();
        services.AddSingleton<ClickReader>();
        services.AddSingleton<Rejudging>();
        services.AddSingleton<LinkChanges>();
        services.AddSingleton<LinkImport>();
        services.AddSingleton<ImportRecords>();
        services.AddSingleton<AbandonedImports>();
        services.AddSingleton<SpooMeLinks>();
        services.AddSingleton<ImportUndo>();
        services.AddSingleton<LinkList>();
        services.AddSingleton<LinkNames>();
        services.AddSingleton<UtmTemplates>();
        services.AddSingleton<LinkOwners>();
        services.AddSingleton<LinkPictures>();
        services.AddSingleton<ClickHistory>();
        services.AddSingleton<ClickPublisher>();
        services.AddSingleton<ClickSubscriptions>();
        services.AddSingleton<ClickStore>();
        services.AddSingleton(provider => new RefusedClicks(provider.GetRequiredService<IOptions<DataOptions>>().Value.PathOf("refused")));
        services.AddSingleton<RefusedRetry>();
        services.AddSingleton<ClickImport>();
        services.AddSingleton<DemoAccount>();
        services.AddSingleton<ClickIndex>();
        services.AddSingleton<ClickExport>();
        services.AddSingleton<LiveClicks>();
        services.AddSingleton<ClickHouseServers>();
        services.AddSingleton<ClickHouseClicks>();
        services.AddSingleton(provider => new MovedClicks(provider.GetRequiredService<ClickHouseServers>(), provider.GetRequiredService<StatsOptions>().Engine == StatsEngine.ClickHouse));
        services.AddSingleton<ClickMover>();
        services.AddSingleton<ClickHouseWatch>();
        services.AddSingleton<IClickCounting>(provider => provider.GetRequiredService<StatsOptions>().Engine == StatsEngine.ClickHouse
            ? provider.GetRequiredService<ClickHouseClicks>()
            : provider.GetRequiredService<LiveClicks>());
        services.AddSingleton<ClicksWithoutLink>();
        services.AddSingleton<ClickAudit>();
        services.AddSingleton<BackupArchive>();
        services.AddSingleton<StatsQueryParser>();
        services.AddSingleton<StatsMetrics>();
        services.AddSingleton<StatsService>();
        services.AddOptions<AlertOptions>().BindConfiguration(AlertOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<AlertOptions>>().Value);
        services.AddSingleton<DestinationCheck>();
        services.AddSingleton<AlertChecks>();
        services.AddSingleton<AlertWatch>();
        services.AddSingleton<AlertRules>();
        services.AddSingleton<RaisedAlerts>();
        return builder;
    }

    /// <summary>The connection string with its password. Null: the driver does not understand it.</summary>
    private static DbConnectionStringBuilder? ConnectionOf(DataOptions options)
    {
        try
        {
            // The drivers quote whatever characters a password has.
            return options.Database switch
            {
                DatabaseKind.SqlServer => With(new SqlConnectionStringBuilder(options.ConnectionString), (connection, password) => connection.Password = password),
                DatabaseKind.PostgreSql => With(new NpgsqlConnectionStringBuilder(options.ConnectionString), (connection, password) => connection.Password = password),
                _ => new DbConnectionStringBuilder(),
            };
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException)
        {
            // What is wrong with it is not repeated, because it may be a password that has lost its quotes.
            return null;
        }

        T With<T>(T connection, Action<T, string> set)
        {
            if (options.Password is { Length: > 0 } password)
            {
                set(connection, password);
            }

            return connection;
        }
    }

    /// <summary>
    /// The journal of this node and what becomes of the clicks in it. Only a server has one; commands run beside it.
    /// </summary>
    public static IHostApplicationBuilder AddSpooJournal(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(provider => new ClickJournal(
            provider.GetRequiredService<IOptions<DataOptions>>().Value.PathOf("journal"),
            provider.GetRequiredService<ClickOptions>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ClickJournal>>()));
        builder.Services.AddSingleton<ClickLimits>();
        builder.Services.AddSingleton<BisectingStore>();
        builder.Services.AddSingleton<ClickWriter>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<ClickWriter>());
        builder.Services.AddHostedService<RemoteClickRounds>();
        builder.Services.AddHostedService<RetentionRounds>();
        builder.Services.AddHostedService<ClearingUpRounds>();
        builder.Services.AddHostedService<VisitorKeyRounds>();
        builder.Services.AddSingleton<LinkMemory>();
        builder.Services.AddHostedService<LinkMemoryRounds>();
        builder.Services.AddHostedService<HostBlockRounds>();
        builder.Services.AddHostedService<KnownDomainRounds>();
        builder.Services.AddHostedService<MissedCodeRounds>();
        builder.Services.AddHostedService<PictureRounds>();
        builder.Services.AddHostedService<SettingRounds>();
        builder.Services.AddHostedService<LinkExpiryRounds>();
        builder.Services.AddHostedService<AlertRounds>();
        builder.Services.AddHostedService<ClickHouseRounds>();
        builder.Services.AddHostedService<ClickMoveRounds>();
        builder.Services.AddSingleton<WebhookRounds>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<WebhookRounds>());
        return builder;
    }
}
