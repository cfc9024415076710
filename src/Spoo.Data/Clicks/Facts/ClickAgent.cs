using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Spoo.Data.Clicks.Facts;

/// <summary>
/// With what the visitor clicked: the User-Agent and what was read from it. The text is kept so that newer rules can judge the past.
/// </summary>
public sealed class ClickAgent : IEntityTypeConfiguration<ClickAgent>
{
    public const int MaxUserAgentLength = 1024;
    public const int MaxNameLength = 100;

    /// <summary>A <see cref="ContentKey"/> of the User-Agent and of every value that an import gave instead of it.</summary>
    public required long Id { get; init; }

    /// <summary>Null: none was sent, or the import had none.</summary>
    public string? UserAgent { get; init; }

    /// <summary>Null: not known.</summary>
    public string? Browser { get; set; }

    /// <summary>Null: not known.</summary>
    public string? Os { get; set; }

    /// <summary><c>desktop</c>, <c>mobile</c>, <c>tablet</c> or <c>other</c>. Null: not known.</summary>
    public string? Device { get; set; }

    public bool IsBot { get; set; }

    /// <summary>The rule that made it a bot. Null: a human, or the import said so.</summary>
    public string? BotRule { get; set; }

    /// <summary>Version of the rules that read the User-Agent.</summary>
    public string? Rules { get; set; }

    /// <summary>Which of the values came with an import and therefore are never judged again.</summary>
    public GivenFacts Given { get; init; }

    /// <summary>The same without the User-Agent. What was read from it stays as it is, because it cannot be read again.</summary>
    public ClickAgent WithoutText() => Bare(Browser, Os);

    /// <summary>The same with names that the User-Agent chose as <see cref="ClickSource.Other"/>; devices and verdicts are few.</summary>
    public ClickAgent AsOther() => Bare(Browser is null ? null : ClickSource.Other, Os is null ? null : ClickSource.Other);

    private ClickAgent Bare(string? browser, string? os) => new()
    {
        Id = ContentKey.Of("bare", browser, os, Device, IsBot ? "bot" + BotRule : "human"),
        Browser = browser,
        Os = os,
        Device = Device,
        IsBot = IsBot,
        BotRule = BotRule,
        Rules = Rules,
        Given = GivenFacts.Browser | GivenFacts.Os | GivenFacts.Device | GivenFacts.Bot,
    };

    public void Configure(EntityTypeBuilder<ClickAgent> builder)
    {
        builder.ToTable("ClickAgents");
        builder.Property(agent => agent.Id).ValueGeneratedNever();
        builder.Property(agent => agent.UserAgent).HasMaxLength(MaxUserAgentLength);
        builder.Property(agent => agent.Browser).HasMaxLength(MaxNameLength);
        builder.Property(agent => agent.Os).HasMaxLength(MaxNameLength);
        builder.Property(agent => agent.Device).HasMaxLength(MaxNameLength);
        builder.Property(agent => agent.BotRule).HasMaxLength(MaxNameLength);
        builder.Property(agent => agent.Rules).HasMaxLength(64).IsUnicode(false);
    }
}

[Flags]
public enum GivenFacts
{
    None = 0,
    Browser = 1,
    Os = 2,
    Device = 4,
    Bot = 8,
}
