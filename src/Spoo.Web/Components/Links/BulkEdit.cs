using Spoo.Data.Links;
using Spoo.Data.Links.Targets;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Components.Links;

/// <summary>What can be changed about many links at once, beside what has a button of its own.</summary>
internal enum BulkField
{
    LongUrl,
    Domain,
    Title,
    Note,
    Password,
    MaxClicks,
    StartsAt,
    PreStartUrl,
    ExpiredUrl,
    RedirectStatus,
    PrivateStats,
    BlockBots,
    PassQuery,
    PassPath,
    Rules,
    Card,
}

/// <summary>One field of a form, for many links.</summary>
internal static class BulkEdit
{
    /// <summary>What the field's faults begin with, as on the wire.</summary>
    public static string NameOf(BulkField field) => field switch
    {
        BulkField.LongUrl => "long_url",
        BulkField.Domain => "domain",
        BulkField.Title => "title",
        BulkField.Note => "note",
        BulkField.Password => "password",
        BulkField.MaxClicks => "max_clicks",
        BulkField.StartsAt => "starts_at",
        BulkField.PreStartUrl => "pre_start_url",
        BulkField.ExpiredUrl => "expired_redirect_url",
        BulkField.Rules => LinkFields.RulesField,
        BulkField.Card => LinkFields.CardField,
        _ => "",
    };

    public static string TitleOf(BulkField field) => field switch
    {
        BulkField.LongUrl => T("Destination"),
        BulkField.Domain => T("Domain"),
        BulkField.Title => T("Title"),
        BulkField.Note => T("Note"),
        BulkField.Password => T("Password"),
        BulkField.MaxClicks => T("Expires after so many clicks"),
        BulkField.StartsAt => T("Begins"),
        BulkField.PreStartUrl => T("Before it begins, lead to"),
        BulkField.ExpiredUrl => T("Once it has ended, lead to"),
        BulkField.RedirectStatus => T("Kind of redirect"),
        BulkField.PrivateStats => T("Keep the statistics to myself"),
        BulkField.BlockBots => T("Block bots"),
        BulkField.PassQuery => T("Forward query parameters to the destination"),
        BulkField.PassPath => T("Forward the path behind the alias to the destination"),
        BulkField.Rules => T("Rules"),
        _ => T("Card"),
    };

    /// <summary>The change alone that this field says; an empty field takes away what links have there.</summary>
    public static LinkEdit Of(BulkField field, LinkFields fields, TimeZoneInfo zone) => field switch
    {
        BulkField.LongUrl => new LinkEdit { LongUrl = fields.LongUrl.Trim() },
        BulkField.Domain => new LinkEdit { Domain = new(fields.Host) },
        BulkField.Title => new LinkEdit { Title = new(fields.Title) },
        BulkField.Note => new LinkEdit { Note = new(fields.Note) },
        BulkField.Password => new LinkEdit { Password = new(fields.Password.Length > 0 ? fields.Password : null) },
        BulkField.MaxClicks => new LinkEdit { MaxClicks = new(fields.Limit) },
        BulkField.StartsAt => new LinkEdit { StartsAt = new(fields.Start(zone)) },
        BulkField.PreStartUrl => new LinkEdit { PreStartUrl = new(fields.PreStartUrl.Trim()) },
        BulkField.ExpiredUrl => new LinkEdit { ExpiredUrl = new(fields.ExpiredUrl.Trim()) },
        BulkField.RedirectStatus => new LinkEdit { RedirectStatus = new(fields.RedirectStatus) },
        BulkField.PrivateStats => new LinkEdit { PrivateStats = new(fields.PrivateStats) },
        BulkField.BlockBots => new LinkEdit { BlockBots = new(fields.BlockBots) },
        BulkField.PassQuery => new LinkEdit { PassQuery = new(fields.PassQuery) },
        BulkField.PassPath => new LinkEdit { PassPath = new(fields.PassPath) },
        BulkField.Rules => new LinkEdit { Targets = new TargetsEdit { All = fields.Targets(zone) } },
        _ => new LinkEdit { Preview = new(fields.Card) },
    };
}
