using Spoo.Data.Stats.Question;
using Spoo.Data.Transfer.ClickFiles.Formats;
using Spoo.Data.Transfer.Imports;

namespace Spoo.Data.Transfer.ClickFiles;

/// <summary>What was said about a file of clicks, as it is kept and as it is read.</summary>
public static class ClickChoices
{
    public static ImportChoices Of(ClickFileFormat? format, ClickFileOptions options) => new()
    {
        Format = format?.Name,
        Map = options.Map.Count == 0 ? null : new(options.Map.ToDictionary(), StringComparer.Ordinal),
        Dates = options.Dates,
        Zone = options.Zone.Id == TimeZoneInfo.Utc.Id ? null : options.Zone.Id,
        Code = options.ShortCode,
        LinksAt = options.Requests.Prefix.Length == 0 ? null : options.Requests.Prefix,
        Host = options.Requests.Host,
        Statuses = options.Requests.Statuses.SetEquals(RequestRules.Default.Statuses) ? null : [.. options.Requests.Statuses.Order()],
    };

    public static ClickFileFormat? Format(ImportChoices choices) => choices.Format is { } name ? ClickFileFormats.Find(name) : null;

    public static ClickFileOptions Options(ImportChoices choices) => new()
    {
        Dates = choices.Dates,
        Zone = choices.Zone is { } zone ? TimeZones.Find(zone) ?? TimeZoneInfo.Utc : TimeZoneInfo.Utc,
        Map = choices.Map?.Where(entry => entry.Value is null || ClickFileOptions.IsField(entry.Value)).ToDictionary() ?? [],
        ShortCode = choices.Code,
        Requests = new RequestRules
        {
            Prefix = choices.LinksAt ?? "",
            Host = choices.Host,
            Statuses = choices.Statuses?.ToHashSet() ?? RequestRules.Default.Statuses,
        },
    };
}
