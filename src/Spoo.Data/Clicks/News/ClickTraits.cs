using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Reading;



namespace Spoo.Data.Clicks.News;

/// <summary>What clicks may have in common. Every list that has values names any of them; all lists must hold.</summary>
public sealed record ClickTraits
{
    public IReadOnlyList<string> Links { get; init; } = [];

    /// <summary>ISO 3166-1 alpha-2 codes.</summary>
    public IReadOnlyList<string> Countries { get; init; } = [];

    public IReadOnlyList<string> Browsers { get; init; } = [];

    /// <summary>Registrable domains, as they are stored.</summary>
    public IReadOnlyList<string> Referrers { get; init; } = [];

    public IReadOnlyList<string> UtmSources { get; init; } = [];

    public IReadOnlyList<string> UtmMediums { get; init; } = [];

    public IReadOnlyList<string> UtmCampaigns { get; init; } = [];

    /// <summary>Null: humans and bots.</summary>
    public bool? IsHuman { get; init; }
}
