using System.Net;
using System.Text.Json.Serialization;
using Spoo.Data.Clicks.Facts;

namespace Spoo.Data.Clicks.Reading;

/// <summary>What is known of a click before it is read: what a request says, or a line of an imported file.</summary>
public sealed record RawClick
{
    public required long LinkId { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>Null: not known. It goes into the visitor's hash and nowhere else.</summary>
    [JsonIgnore]
    public IPAddress? Address { get; init; }

    /// <summary>What <see cref="VisitorHash"/> made of the address, which then is not here any more. Null: not made yet.</summary>
    public long? Visitor { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>The header <c>Accept-Language</c>, or a language by code, tag or English name.</summary>
    public string? Language { get; init; }

    /// <summary>The header <c>Referer</c>, or a domain. Null: a direct visit.</summary>
    public string? Referrer { get; init; }

    public string? UtmSource { get; init; }

    public string? UtmMedium { get; init; }

    public string? UtmCampaign { get; init; }

    /// <summary><see cref="ClickSource.FollowedLink"/> or <see cref="ClickSource.Qr"/>.</summary>
    public string Trigger { get; init; } = ClickSource.FollowedLink;

    /// <summary>See <see cref="ClickSource.Target"/>.</summary>
    public string? Target { get; init; }

    /// <summary>Milliseconds from the request to the redirect. Null: not measured.</summary>
    public int? RedirectMs { get; init; }

    /// <summary>What an import says outright and the reader therefore does not find out.</summary>
    public GivenValues Given { get; init; } = GivenValues.None;

    /// <summary>See <see cref="Click.ImportKey"/>.</summary>
    public long? ImportKey { get; init; }
}

/// <summary>Values that win over what would be read from a User-Agent or an address. Null: not given.</summary>
public sealed record GivenValues
{
    public static GivenValues None { get; } = new();

    /// <summary>Any text; takes the place of address and User-Agent in telling visitors apart.</summary>
    public string? Visitor { get; init; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public string? Country { get; init; }

    public string? Region { get; init; }

    public string? City { get; init; }

    public string? Browser { get; init; }

    public string? Os { get; init; }

    public string? Device { get; init; }

    public bool? IsBot { get; init; }

    /// <summary>The rule that found a bot, as an export tells it; what has one is a bot's unless <see cref="IsBot"/> says otherwise.</summary>
    public string? BotRule { get; init; }
}
