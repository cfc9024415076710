using System.Globalization;
using System.Text.Json.Serialization;
using Spoo.Data.Links;

namespace Spoo.Web.Api.Legacy;

/// <summary>How many links and clicks there are on the whole server, counted now and then: to add all of them up for every caller would take too much.</summary>
public sealed class OldTotals(LinkList links, TimeProvider clock)
{
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(10);

    private volatile Counted? _counted;

    internal async Task<OldTotalsBody> GetAsync(CancellationToken cancellationToken)
    {
        if (_counted is { } last && clock.GetUtcNow() - last.At is var age && age >= TimeSpan.Zero && age < Age)
        {
            return last.Body;
        }

        var (count, clicks) = await links.TotalsAsync(cancellationToken);
        var body = new OldTotalsBody(count, clicks, Rough(count), Rough(clicks), null);
        _counted = new Counted(clock.GetUtcNow(), body);
        return body;
    }

    /// <summary>12,345 is "12K+".</summary>
    internal static string Rough(long number) => number switch
    {
        >= 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{number / 1_000_000_000}B+"),
        >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{number / 1_000_000}M+"),
        >= 1_000 => string.Create(CultureInfo.InvariantCulture, $"{number / 1_000}K+"),
        _ => number.ToString(CultureInfo.InvariantCulture),
    };

    private sealed record Counted(DateTimeOffset At, OldTotalsBody Body);
}

/// <param name="GitHubStars">Null: this server asks no other one.</param>
internal sealed record OldTotalsBody(
    [property: JsonPropertyName("total-shortlinks-raw")] long TotalShortLinksRaw,
    [property: JsonPropertyName("total-clicks-raw")] long TotalClicksRaw,
    [property: JsonPropertyName("total-shortlinks")] string TotalShortLinks,
    [property: JsonPropertyName("total-clicks")] string TotalClicks,
    [property: JsonPropertyName("github-stars")] int? GitHubStars);
