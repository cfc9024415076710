namespace Spoo.Data.Transfer.ClickFiles.Formats;

/// <summary>The clicks of other shorteners, as their own exports and interfaces write them.</summary>
internal static class Shorteners
{
    /// <summary>Of its command line (CSV), its web client (CSV) and its interface (JSON).</summary>
    public static ClickFileFormat Shlink { get; } = ClickFileFormats.Named(
        "shlink", "Shlink", Kinds.Csv | Kinds.Json, [["date", "potentialbot", "useragent", "referer"], ["date", "potentialbot", "browser", "referer"]],
        new ClickColumns(
        [
            (ClickColumn.Of(ClickField.Time), ["date"]),
            (ClickColumn.ShortUrl, ["visitedurl"]),
            (ClickColumn.Of(ClickField.LongUrl), ["redirecturl"]),
            (ClickColumn.Of(ClickField.UserAgent), ["useragent"]),
            (ClickColumn.Of(ClickField.Referrer), ["referer"]),
            (ClickColumn.Of(ClickField.Browser), ["browser"]),
            (ClickColumn.Of(ClickField.Os), ["os"]),
            (ClickColumn.Of(ClickField.Country), ["country", "visitlocation.countrycode"]),
            (ClickColumn.Of(ClickField.Region), ["region", "visitlocation.regionname"]),
            (ClickColumn.Of(ClickField.City), ["city", "visitlocation.cityname"]),
            (ClickColumn.Of(ClickField.Bot, text => text is "true" or "Potential bot" ? "true" : text is "false" or "" ? "false" : null), ["potentialbot"]),
            (ClickColumn.OnlyWhere("", "valid_short_url", "imported"), ["type"]),
        ]));

    /// <summary>Its table of clicks, as CSV. The country is two letters, or none.</summary>
    public static ClickFileFormat Yourls { get; } = ClickFileFormats.Named("yourls", "YOURLS (log table)", Kinds.Csv | Kinds.Json, [["clicktime", "shorturl"]], YourlsDump.Columns);

    /// <summary>Its export of events has the columns that its page showed, in that order.</summary>
    public static ClickFileFormat Dub { get; } = ClickFileFormats.Named(
        "dub", "Dub (events)", Kinds.Csv, [["date", "link", "referrer", "country", "device"], ["date", "link", "clickid"], ["date", "event", "link"], ["date", "link", "continent"]],
        new ClickColumns(
        [
            (ClickColumn.Of(ClickField.Time), ["date"]),
            (new ClickColumn("short_code", TakeDubLink), ["link"]),
            (ClickColumn.Of(ClickField.LongUrl), ["destinationurl"]),
            (ClickColumn.Of(ClickField.Country), ["country"]),
            (ClickColumn.Of(ClickField.Region), ["region"]),
            (ClickColumn.Of(ClickField.City), ["city"]),
            (ClickColumn.Of(ClickField.Device), ["device"]),
            (ClickColumn.Of(ClickField.Browser), ["browser"]),
            (ClickColumn.Of(ClickField.Os), ["os"]),
            (ClickColumn.Otherwise(ClickField.Referrer), ["referrer"]),
            (ClickColumn.Of(ClickField.Referrer), ["referrerurl"]),
            (ClickColumn.Of(ClickField.Id), ["clickid"]),
            (ClickColumn.Of(ClickField.Ip), ["ip"]),
            (new ClickColumn("trigger", (line, text) =>
            {
                line[ClickField.Trigger] = text == "qr" ? "qr" : null;
                line.NotClick = text.Contains("lead", StringComparison.OrdinalIgnoreCase) || text.Contains("sale", StringComparison.OrdinalIgnoreCase) ? NotClicks.NoVisit : line.NotClick;
            }), ["event"]),
            (new ClickColumn("", (line, _) => line.NotClick = NotClicks.NoVisit), ["customer", "saleamount", "invoiceid"]),
        ]));

    /// <summary>Of its page (CSV) and its interface (JSON). What was not found is in it as well.</summary>
    public static ClickFileFormat ShortIo { get; } = ClickFileFormats.Named(
        "short.io", "Short.io", Kinds.Csv | Kinds.Json, [["lcpath", "dt"], ["shortlink", "datetime", "ipaddress"], ["shortlink", "datetime", "humanclicks"]],
        new ClickColumns(
        [
            (ClickColumn.Of(ClickField.Time), ["dt", "datetime"]),
            (ClickColumn.OfRequest("short_code", Requested), ["path", "shortlink"]),
            (ClickColumn.OfRequest("", (request, text) => request.Host = text), ["host"]),
            (ClickColumn.OfRequest("", (request, text) => request.Method = text), ["method"]),
            (ClickColumn.OfRequest("", (request, text) => request.Status = text), ["st", "status"]),
            (ClickColumn.Of(ClickField.LongUrl), ["url"]),
            (ClickColumn.Of(ClickField.Ip, LoggedRequest.AddressIn), ["ip", "ipaddress"]),
            (ClickColumn.Of(ClickField.UserAgent), ["ua", "useragent"]),
            (ClickColumn.Of(ClickField.Referrer), ["ref"]),
            (ClickColumn.Otherwise(ClickField.Referrer), ["refhost", "referrer"]),
            (ClickColumn.Of(ClickField.Browser, text => text.Split('/')[0]), ["browser"]),
            (ClickColumn.Of(ClickField.Os), ["os", "operationsystem", "operatingsystem"]),
            (ClickColumn.Of(ClickField.Country), ["country"]),
            (ClickColumn.Of(ClickField.City), ["city"]),
            (ClickColumn.Of(ClickField.UtmSource), ["utmsource"]),
            (ClickColumn.Of(ClickField.UtmMedium), ["utmmedium"]),
            (ClickColumn.Of(ClickField.UtmCampaign), ["utmcampaign"]),
            (ClickColumn.Of(ClickField.Bot, text => text.ToLowerInvariant() is "true" or "yes" or "1" ? "false" : "true"), ["human", "humanclicks"]),
        ]));

    /// <summary>What its webhooks tell of clicks. It knows no address and no User-Agent.</summary>
    public static ClickFileFormat Rebrandly { get; } = ClickFileFormats.Named(
        "rebrandly", "Rebrandly (clickstream)", Kinds.Json, [["timestamp", "route.slashtag"]],
        new ClickColumns(
        [
            (ClickColumn.Of(ClickField.Time), ["timestamp"]),
            (ClickColumn.ShortUrl, ["route.slashtag"]),
            (ClickColumn.Of(ClickField.LongUrl), ["route.destination.raw"]),
            (ClickColumn.Of(ClickField.Language), ["client.language"]),
            (ClickColumn.Of(ClickField.Country), ["client.location.country"]),
            (ClickColumn.Of(ClickField.Browser), ["client.agent.browser.name"]),
            (ClickColumn.Of(ClickField.Os), ["client.agent.os.name"]),
            (ClickColumn.Of(ClickField.Bot, text => text == "bot" ? "true" : text == "human" ? "false" : null), ["client.agent.type"]),
            (ClickColumn.Of(ClickField.Referrer), ["referral.origin"]),
            (ClickColumn.Otherwise(ClickField.Referrer), ["referral.hostname"]),
        ]));

    /// <summary>Its table of clicks has the links' numbers; their endings have to be joined to it.</summary>
    public static ClickFileFormat Polr { get; } = ClickFileFormats.Named(
        "polr", "Polr (clicks joined with links)", Kinds.Csv | Kinds.Json, [["refererhost", "useragent", "shorturl"]],
        new ClickColumns(
        [
            (ClickColumn.Of(ClickField.Time), ["createdat"]),
            (ClickColumn.ShortUrl, ["shorturl"]),
            (ClickColumn.Of(ClickField.LongUrl), ["longurl"]),
            (ClickColumn.Of(ClickField.Ip), ["ip"]),
            (ClickColumn.Of(ClickField.Country), ["country"]),
            (ClickColumn.Of(ClickField.Referrer), ["referer"]),
            (ClickColumn.Otherwise(ClickField.Referrer), ["refererhost"]),
            (ClickColumn.Of(ClickField.UserAgent), ["useragent"]),
        ]));

    /// <summary>Its events are a sample where there were many.</summary>
    public static ClickFileFormat Sink { get; } = ClickFileFormats.Named(
        "sink", "Sink (events)", Kinds.Json, [["slug", "timestamp", "colo"]],
        new ClickColumns(
        [
            (ClickColumn.Of(ClickField.Time), ["timestamp"]),
            (ClickColumn.ShortUrl, ["slug"]),
            (ClickColumn.Of(ClickField.LongUrl), ["url"]),
            (ClickColumn.Of(ClickField.UserAgent), ["ua"]),
            (ClickColumn.Of(ClickField.Referrer), ["referer"]),
            (ClickColumn.Of(ClickField.Country), ["country"]),
            (ClickColumn.Of(ClickField.Region, Place), ["region"]),
            (ClickColumn.Of(ClickField.City, Place), ["city"]),
            (ClickColumn.Of(ClickField.Language), ["language"]),
            (ClickColumn.Of(ClickField.Os), ["os"]),
            (ClickColumn.Of(ClickField.Browser), ["browser"]),
        ]));

    // The link of a domain alone is called by the domain, which would pass for a code with a dot.
    private static void TakeDubLink(ClickLine line, string text)
    {
        if (ShortAddress.HostOf(text + "/") is { IsEmpty: false } && ShortAddress.CodeIn(ShortAddress.PathOf(text + "/", out _), "") is null)
        {
            line.NotClick = NotClicks.NoCode;
        }
        else
        {
            ClickColumn.ShortUrl.Put(line, text);
        }
    }

    // A file without statuses has nothing but clicks.
    private static void Requested(LoggedRequest request, string target) => (request.Target, request.Status) = (target, request.Status ?? "302");

    /// <summary>The name between the flag and the country: <c>🇺🇸 California,United States</c>.</summary>
    private static string? Place(string text)
    {
        var name = text.Split(',')[0].Trim();
        var blank = name.IndexOf(' ', StringComparison.Ordinal);
        return blank > 0 && !char.IsLetter(name[0]) ? name[(blank + 1)..] : name;
    }
}
