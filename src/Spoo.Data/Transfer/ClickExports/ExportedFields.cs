namespace Spoo.Data.Transfer.ClickExports;

/// <summary>The fields of a click in the order in which they are written; docs/import.md says what each means.</summary>
internal static class ExportedFields
{
    public const string Id = "id";
    public const string Time = "time";
    public const string Visitor = "visitor";
    public const string Language = "language";
    public const string RedirectMs = "redirect_ms";

    // What belongs together is one piece of a line, and the pieces follow each other in this order.
    public static IReadOnlyList<string> OfLink { get; } = ["short_code", "long_url"];

    public static IReadOnlyList<string> OfAgent { get; } = ["user_agent", "browser", "os", "device", "bot_rule", "bot"];

    public static IReadOnlyList<string> OfPlace { get; } = ["country", "region", "city"];

    public static IReadOnlyList<string> OfSource { get; } = ["referrer", "utm_source", "utm_medium", "utm_campaign", "trigger", "target"];

    public static IReadOnlyList<string> All { get; } = [Id, Time, Visitor, .. OfLink, .. OfAgent, .. OfPlace, .. OfSource, Language, RedirectMs];
}
