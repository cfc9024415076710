using System.Collections.Frozen;
using Spoo.Data.Clicks.Facts;

namespace Spoo.Data.Transfer.ClickFiles;

/// <summary>What a line of a file can say about a click.</summary>
internal enum ClickField
{
    Time,
    ShortCode,
    LongUrl,
    Ip,
    UserAgent,
    Visitor,
    Referrer,
    Country,
    Region,
    City,
    Browser,
    Os,
    Device,
    Language,
    UtmSource,
    UtmMedium,
    UtmCampaign,
    Trigger,
    Bot,
    RedirectMs,
    Id,

    /// <summary>When the link was made; only the logs of bitly say so.</summary>
    LinkCreated,

    /// <summary>Only exports say so.</summary>
    BotRule,

    /// <summary>As <see cref="BotRule"/>.</summary>
    Target,
}

internal static class ClickFields
{
    public const int Count = (int)ClickField.Target + 1;

    /// <summary>The names in the header of a CSV file and in the objects of an NDJSON file.</summary>
    public static IReadOnlyDictionary<string, ClickField> ByName { get; } = new Dictionary<string, ClickField>
    {
        ["time"] = ClickField.Time,
        ["short_code"] = ClickField.ShortCode,
        ["long_url"] = ClickField.LongUrl,
        ["ip"] = ClickField.Ip,
        ["user_agent"] = ClickField.UserAgent,
        ["visitor"] = ClickField.Visitor,
        ["referrer"] = ClickField.Referrer,
        ["country"] = ClickField.Country,
        ["region"] = ClickField.Region,
        ["city"] = ClickField.City,
        ["browser"] = ClickField.Browser,
        ["os"] = ClickField.Os,
        ["device"] = ClickField.Device,
        ["language"] = ClickField.Language,
        ["utm_source"] = ClickField.UtmSource,
        ["utm_medium"] = ClickField.UtmMedium,
        ["utm_campaign"] = ClickField.UtmCampaign,
        ["trigger"] = ClickField.Trigger,
        ["bot"] = ClickField.Bot,
        ["bot_rule"] = ClickField.BotRule,
        ["target"] = ClickField.Target,
        ["redirect_ms"] = ClickField.RedirectMs,
        ["id"] = ClickField.Id,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The names in the logs of bitly.</summary>
    public static IReadOnlyDictionary<string, ClickField> OfBitly { get; } = new Dictionary<string, ClickField>
    {
        ["t"] = ClickField.Time,
        ["g"] = ClickField.ShortCode,
        ["u"] = ClickField.LongUrl,
        ["a"] = ClickField.UserAgent,
        ["r"] = ClickField.Referrer,
        ["c"] = ClickField.Country,
        ["gr"] = ClickField.Region,
        ["cy"] = ClickField.City,
        ["al"] = ClickField.Language,
        ["hc"] = ClickField.LinkCreated,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Names in the logs of bitly that say nothing we keep.</summary>
    public static IReadOnlySet<string> NotKeptOfBitly { get; } =
        new[] { "h", "l", "hh", "nk", "tz", "ll", "kw", "i", "ckw", "mc", "_id", "pp" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The name of a field in the files that are documented.</summary>
    public static string NameOf(ClickField field) => ByName.First(entry => entry.Value == field).Key;
}

/// <summary>The words of one line, not yet understood. Filled again for every line.</summary>
internal sealed class ClickLine
{
    private readonly string?[] _values = new string?[ClickFields.Count];

    /// <summary>Number of the line in the file, from 1.</summary>
    public long Number { get; set; }

    /// <summary>Why the line cannot be read. Null: it can.</summary>
    public Message? Fault { get; set; }

    /// <summary>Whether the line is a sign of life and no click.</summary>
    public bool IsHeartbeat { get; set; }

    /// <summary>
    /// All values in the order of <see cref="ClickField"/>: what makes this line the one it is. Fields that later versions added are
    /// among them only where they say something, so that what an earlier version imported is still recognised.
    /// </summary>
    public ReadOnlySpan<string?> Values => _values.AsSpan(
        0, _values[(int)ClickField.Target] is not null ? ClickFields.Count : _values[(int)ClickField.BotRule] is not null ? (int)ClickField.Target : (int)ClickField.BotRule);

    /// <summary>Null: not given. An empty text counts as not given.</summary>
    public string? this[ClickField field]
    {
        get => _values[(int)field];
        set => _values[(int)field] = string.IsNullOrWhiteSpace(value) ? null : value.Trim();
    }

    public void Clear(long number)
    {
        Array.Clear(_values);
        (Number, Fault, IsHeartbeat) = (number, null, false);
    }
}
