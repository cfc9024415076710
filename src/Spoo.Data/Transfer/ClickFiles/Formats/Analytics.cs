namespace Spoo.Data.Transfer.ClickFiles.Formats;

/// <summary>Visits of pages, as programs for web analytics export them: the history of a domain that was watched by one.</summary>
internal static class Analytics
{
    /// <summary>Both editions of its CSV. The first has the User-Agent where the second has the browser's name.</summary>
    public static ClickFileFormat GoatCounter { get; } = ClickFileFormats.Named(
        "goatcounter", "GoatCounter", Kinds.Csv, [["2path", "referrerscheme", "date"], ["1path", "referrerscheme", "date"]],
        new ClickColumns(
        [
            (ClickColumn.Of(ClickField.Time), ["date"]),
            (ClickColumn.ShortUrl, ["1path", "2path"]),
            (ClickColumn.Of(ClickField.Visitor), ["session"]),
            (ClickColumn.Of(ClickField.UserAgent), ["useragent"]),
            (new ClickColumn("browser", (line, text) =>
            {
                // A User-Agent has the name and version of a kind of browser, in parentheses what runs it.
                var isAgent = text.Contains('/', StringComparison.Ordinal);
                line[isAgent ? ClickField.UserAgent : ClickField.Browser] = isAgent ? text : WithoutVersion(text);
            }), ["browser"]),
            (ClickColumn.Of(ClickField.Os, WithoutVersion), ["system"]),
            (new ClickColumn("bot", (line, text) => line[ClickField.Bot] = text is "0" or "false" or "" ? null : "true"), ["bot"]),
            (ClickColumn.Of(ClickField.Referrer), ["referrer"]),
            (new ClickColumn("utm_campaign", (line, text) =>
            {
                // Of a campaign only the name is known, and it stands where the referrer does.
                if (text == "c")
                {
                    (line[ClickField.UtmCampaign], line[ClickField.Referrer]) = (line[ClickField.Referrer], null);
                }
            }), ["referrerscheme"]),
            (new ClickColumn("country, region", (line, text) =>
            {
                var parts = text.Split('-', 2);
                (line[ClickField.Country], line[ClickField.Region]) = (parts[0], parts.Length > 1 ? parts[1] : null);
            }), ["location"]),
            (ClickColumn.OnlyWhere("", "0", "false"), ["event"]),
        ]));

    /// <summary>Its events, of which views of pages and followed links are visits. Times are in UTC.</summary>
    public static ClickFileFormat Umami { get; } = ClickFileFormats.Named(
        "umami", "Umami", Kinds.Csv | Kinds.Json, [["visitid", "eventid", "urlpath"]],
        new ClickColumns(
        [
            (ClickColumn.Of(ClickField.Time), ["createdat"]),
            (ClickColumn.ShortUrl, ["urlpath"]),
            (ClickColumn.Query, ["urlquery"]),
            (ClickColumn.Of(ClickField.Visitor), ["sessionid"]),
            (ClickColumn.Of(ClickField.Id), ["eventid"]),
            (ClickColumn.Of(ClickField.Referrer), ["referrerdomain"]),
            (ClickColumn.Of(ClickField.Browser, text => text == "ios" ? "Safari" : char.ToUpperInvariant(text[0]) + text[1..]), ["browser"]),
            (ClickColumn.Of(ClickField.Os), ["os"]),
            (ClickColumn.Of(ClickField.Device, text => text == "laptop" ? "desktop" : text), ["device"]),
            (ClickColumn.Of(ClickField.Language), ["language"]),
            (ClickColumn.Of(ClickField.Country), ["country"]),
            (ClickColumn.Of(ClickField.Region), ["region", "subdivision1"]),
            (ClickColumn.Of(ClickField.City), ["city"]),
            (ClickColumn.Of(ClickField.UtmSource), ["utmsource"]),
            (ClickColumn.Of(ClickField.UtmMedium), ["utmmedium"]),
            (ClickColumn.Of(ClickField.UtmCampaign), ["utmcampaign"]),
            (ClickColumn.OnlyWhere("1", "3"), ["eventtype"]),
        ]));

    private static string? WithoutVersion(string text)
    {
        var blank = text.LastIndexOf(' ');
        return blank > 0 && char.IsAsciiDigit(text[blank + 1]) ? text[..blank] : text;
    }
}
