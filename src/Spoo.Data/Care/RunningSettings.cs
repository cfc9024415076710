using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Domains;

namespace Spoo.Data.Care;

/// <summary>Where the value of a setting comes from.</summary>
public enum SettingSource
{
    /// <summary>It was not set.</summary>
    Default,

    /// <summary>It was changed while the server ran.</summary>
    Changed,

    Environment,

    File,

    CommandLine,
}

/// <param name="Value">Null: none, where there may be none.</param>
/// <param name="Choices">Empty: not a choice.</param>
/// <param name="IsFixed">Whether it is said where this program cannot change it, and so stays.</param>
public sealed record RunningSetting(string Name, string? Value, string? Default, SettingSource Source, IReadOnlyList<string> Choices)
{
    public bool IsFixed => Source is SettingSource.Environment or SettingSource.File or SettingSource.CommandLine;
}

/// <summary>
/// The settings that can be changed while the server runs. What the environment, a file or the command line say wins, and such a
/// setting can only be changed there.
/// </summary>
public sealed class RunningSettings
{
    private static readonly string[] YesOrNo = ["true", "false"];

    private readonly IDbContextFactory<SpooDbContext> _contexts;
    private readonly IConfiguration _configuration;
    private readonly AuditLog _audit;
    private readonly TimeProvider _clock;
    private readonly IReadOnlyList<Setting> _settings;
    private volatile HashSet<string> _changed = [];

    public RunningSettings(
        IDbContextFactory<SpooDbContext> contexts,
        IConfiguration configuration,
        AccountOptions accounts,
        ShorteningOptions links,
        QuotaOptions quotas,
        AuditLog audit,
        TimeProvider clock)
    {
        (_contexts, _configuration, _audit, _clock) = (contexts, configuration, audit, clock);
        _settings =
        [
            new("Accounts:SignUp", () => accounts.SignUp.ToString(), text => accounts.SignUp = Enum.Parse<SignUpPolicy>(text!))
            {
                Choices = Enum.GetNames<SignUpPolicy>(),
            },
            new("Links:AllowAnonymous", () => links.AllowAnonymous ? "true" : "false", text => links.AllowAnonymous = text == "true") { Choices = YesOrNo },
            Number("Accounts:RetentionDays", SpooUser.MinRetentionDays, SpooUser.MaxRetentionDays, () => accounts.RetentionDays, number => accounts.RetentionDays = (int?)number),
            new("Links:IgnoreCase", () => links.IgnoreCase ? "true" : "false", text => links.IgnoreCase = text == "true")
            {
                Choices = YesOrNo,
                RefuseAsync = async (context, value, cancellationToken) => value == "true" && !links.IgnoreCase ? await CaseClashes.RefuseAsync(context, Domain.Default, cancellationToken) : null,
            },
            Address("Links:HomeUrl", () => links.HomeUrl, text => links.HomeUrl = text),
            Address("Links:NotFoundUrl", () => links.NotFoundUrl, text => links.NotFoundUrl = text),
            Address("Links:EndedUrl", () => links.EndedUrl, text => links.EndedUrl = text),
            Number("Quotas:Links", 0, long.MaxValue, () => quotas.Links, number => quotas.Links = number),
            Number("Quotas:ClicksAMonth", 0, long.MaxValue, () => quotas.ClicksAMonth, number => quotas.ClicksAMonth = number),
            Number("Quotas:StoredDays", SpooUser.MinRetentionDays, SpooUser.MaxRetentionDays, () => quotas.StoredDays, number => quotas.StoredDays = number),
            Number("Quotas:ApiCallsADay", 0, long.MaxValue, () => quotas.ApiCallsADay, number => quotas.ApiCallsADay = number),
            Number("Quotas:ExportsAtOnce", 0, long.MaxValue, () => quotas.ExportsAtOnce, number => quotas.ExportsAtOnce = number),
        ];
    }

    public IReadOnlyList<RunningSetting> All => [.. _settings.Select(Read)];

    /// <summary>Null: there is no such setting, or it cannot be changed while the server runs.</summary>
    public RunningSetting? Find(string name) => Named(name) is { } setting ? Read(setting) : null;

    /// <summary>Takes over what was changed, here or on another node.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        await using var context = await _contexts.CreateToAnswerAsync(cancellationToken);
        var stored = await context.Settings.AsNoTracking().ToDictionaryAsync(setting => setting.Name, setting => setting.Value, StringComparer.OrdinalIgnoreCase, cancellationToken);
        foreach (var setting in _settings.Where(setting => FixedBy(setting.Name) is null))
        {
            // What an earlier version took may be nothing to this one.
            setting.Set(stored.TryGetValue(setting.Name, out var value) && setting.ProblemOf(value) is null ? value : setting.Default);
        }

        _changed = stored.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Changes a setting, from now on and for all nodes. Not null: it stays, and why.</summary>
    /// <param name="value">Null: the default.</param>
    /// <param name="actorId">Null: a command on the server.</param>
    public async Task<Refusal?> ChangeAsync(string name, string? value, string? actorId, CancellationToken cancellationToken)
    {
        if (Named(name) is not { } setting)
        {
            return new Refusal(RefusalKind.NotFound, $"there is no setting '{name}' that can be changed while the server runs; there are {string.Join(", ", _settings.Select(one => one.Name))}");
        }

        if (FixedBy(setting.Name) is { } source)
        {
            return new Refusal(RefusalKind.Conflict, $"{setting.Name} is set by {Words(source)}, and can only be changed there");
        }

        value = string.IsNullOrWhiteSpace(value) ? null : setting.Spelled(value.Trim());
        if (value is not null && setting.ProblemOf(value) is { } problem)
        {
            return Refusal.Invalid($"{setting.Name} should be {problem}", setting.Name);
        }

        var before = setting.Get();
        await using (var context = await _contexts.CreateDbContextAsync(cancellationToken))
        {
            if (await setting.RefuseAsync(context, value, cancellationToken) is { } no)
            {
                return no;
            }

            var row = await context.Settings.FindAsync([setting.Name], cancellationToken);
            if (value is null)
            {
                context.Settings.RemoveRange(row is null ? [] : [row]);
            }
            else if (row is null)
            {
                context.Settings.Add(new StoredSetting { Name = setting.Name, Value = value, ChangedAt = _clock.GetUtcNow() });
            }
            else
            {
                (row.Value, row.ChangedAt) = (value, _clock.GetUtcNow());
            }

            await context.SaveChangesAsync(cancellationToken);
        }

        await ApplyAsync(cancellationToken);
        await _audit.RecordAsync(actorId, AuditAct.SettingChanged, setting.Name, $"{before ?? "-"} → {setting.Get() ?? "-"}", cancellationToken);
        return null;
    }

    /// <summary>The source as commands and the log call it.</summary>
    public static string Words(SettingSource source) => source switch
    {
        SettingSource.Environment => "the environment",
        SettingSource.File => "a file",
        SettingSource.CommandLine => "the command line",
        SettingSource.Changed => "an administrator",
        _ => "nobody",
    };

    private Setting? Named(string name) => _settings.FirstOrDefault(setting => string.Equals(setting.Name, name, StringComparison.OrdinalIgnoreCase));

    private RunningSetting Read(Setting setting) => new(
        setting.Name,
        setting.Get(),
        setting.Default,
        FixedBy(setting.Name) ?? (_changed.Contains(setting.Name) ? SettingSource.Changed : SettingSource.Default),
        setting.Choices);

    /// <summary>Null: nothing but this program says what it is.</summary>
    private SettingSource? FixedBy(string name)
    {
        if (_configuration[name] is null)
        {
            return null;
        }

        var provider = (_configuration as IConfigurationRoot)?.Providers.Reverse().FirstOrDefault(provider => provider.TryGet(name, out _));
        return provider?.GetType().Name switch
        {
            { } type when type.StartsWith("Environment", StringComparison.Ordinal) => SettingSource.Environment,
            { } type when type.StartsWith("Json", StringComparison.Ordinal) || type.StartsWith("KeyPerFile", StringComparison.Ordinal) => SettingSource.File,
            _ => SettingSource.CommandLine,
        };
    }

    private static Setting Number(string name, long least, long most, Func<long?> get, Action<long?> set) => new(
        name,
        () => get()?.ToString(CultureInfo.InvariantCulture),
        text => set(text is null ? null : long.Parse(text, CultureInfo.InvariantCulture)))
    {
        Problem = text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}, or nothing"),
    };

    private static Setting Address(string name, Func<string?> get, Action<string?> set) => new(name, get, set)
    {
        Problem = text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.Host.Length > 0
            ? null
            : "an address that begins with http:// or https://, or nothing",
    };

    private sealed class Setting(string name, Func<string?> get, Action<string?> set)
    {
        public string Name { get; } = name;

        public Func<string?> Get { get; } = get;

        public Action<string?> Set { get; } = set;

        public string[] Choices { get; init; } = [];

        /// <summary>What a text should be that is none of this setting's. Null: it is one.</summary>
        public Func<string, string?> Problem { get; init; } = _ => null;

        /// <summary>Why it cannot have a value because of what there is. Null: it can.</summary>
        public Func<SpooDbContext, string?, CancellationToken, Task<Refusal?>> RefuseAsync { get; init; } = (_, _, _) => Task.FromResult<Refusal?>(null);

        /// <summary>What it is when it is not set: read before anything was changed.</summary>
        public string? Default { get; } = get();

        /// <summary>The choice that is meant, in whichever case.</summary>
        public string Spelled(string text) => Array.Find(Choices, choice => string.Equals(choice, text, StringComparison.OrdinalIgnoreCase)) ?? text;

        public string? ProblemOf(string text) => Choices.Length > 0 ? (Choices.Contains(text) ? null : $"one of {string.Join(", ", Choices)}") : Problem(text);
    }
}

/// <summary>Keeps the settings, and what people were given, up with what other nodes and commands change.</summary>
public sealed class SettingRounds(RunningSettings settings, Quotas quotas, TimeProvider clock, ILogger<SettingRounds> logger) : Rounds(clock, logger)
{
    protected override TimeSpan FirstPause => OtherNodes.Delay;

    protected override TimeSpan PauseAfterFailure => OtherNodes.PauseAfterFailure;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Before the first request.
            await settings.ApplyAsync(cancellationToken);
            await quotas.ApplyAsync(cancellationToken);
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            // Without its database the server is as closed as its settings say.
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task<TimeSpan> RoundAsync(CancellationToken cancellationToken)
    {
        await settings.ApplyAsync(cancellationToken);
        await quotas.ApplyAsync(cancellationToken);
        return OtherNodes.Delay;
    }
}
