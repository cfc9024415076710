using Spoo.Data.Stats.Question;
using Spoo.Data.Transfer.Imports;

namespace Spoo.Data.Transfer.LinkFiles;

/// <summary>What was said about a file of links, as it is kept and as it is read.</summary>
public static class LinkChoices
{
    public static ImportChoices Of(LinkFileOptions options) => new()
    {
        Format = options.Format?.Name,
        Map = options.Map.Count == 0 ? null : new(options.Map.ToDictionary(entry => entry.Key, entry => entry.Value is { } column ? LinkColumns.NameOf(column) : null), StringComparer.Ordinal),
        Dates = options.Dates,
        Zone = options.Zone.Id == TimeZoneInfo.Utc.Id ? null : options.Zone.Id,
    };

    public static LinkFileOptions Options(ImportChoices choices) => new()
    {
        Format = choices.Format is { } name ? LinkFileFormats.Find(name) : null,
        Dates = choices.Dates,
        Zone = choices.Zone is { } zone ? TimeZones.Find(zone) ?? TimeZoneInfo.Utc : TimeZoneInfo.Utc,
        Map = choices.Map?.Where(entry => entry.Value is null || LinkColumns.Find(entry.Value) is not null)
            .ToDictionary(entry => entry.Key, entry => entry.Value is { } column ? LinkColumns.Find(column) : null) ?? [],
    };
}
