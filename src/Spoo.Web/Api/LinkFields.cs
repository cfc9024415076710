using Spoo.Data;
using Spoo.Data.Links;
using Spoo.Web.Addresses;

namespace Spoo.Web.Api;

/// <summary>
/// Fields of links that spoo.me has and this server has not. A link that silently does not do what was asked is worse than none, so they
/// are refused, unless they ask for nothing.
/// </summary>
internal static class LinkFields
{
    public const int MaxDomainLength = 253;

    private const string SamePlaceForAll = "a link leads everybody to the same place";
    private const string AtOnce = "a link works from the moment in which it is made";

    private static readonly Dictionary<string, string> NotOffered = new()
    {
        ["geo_rules"] = SamePlaceForAll,
        ["ab_variants"] = SamePlaceForAll,
        ["redirect_rules"] = SamePlaceForAll,
        ["meta_tags"] = "networks draw the card of a link from its destination",
        ["starts_at"] = AtOnce,
        ["pre_start_url"] = AtOnce,
        ["expired_redirect_url"] = "whoever follows a link that has ended is told so",
        ["tag_ids"] = "tags have no ids; name them in tags",
    };

    /// <summary>Refuses what cannot be done, in the body of a call that makes or changes a link.</summary>
    public static void RefuseNotOffered(this JsonFields fields)
    {
        foreach (var (name, reason) in NotOffered)
        {
            if (fields.Asks(name))
            {
                fields.Refuse(Refusal.NotOffered(name, $"{name} is not available on this server: {reason}"));
            }
        }
    }

    /// <summary>The host of the domain that a link is to be on. Null: the installation's own.</summary>
    public static string? Domain(this JsonFields fields, HttpRequest request, ShorteningOptions options) =>
        OwnDomain.OtherIn(fields.Text("domain", MaxDomainLength), request, options);

    /// <summary>Whether this alias is of emoji, which spoo.me has and this server has not.</summary>
    public static bool IsEmoji(string alias) => alias.Length > 0 && alias.EnumerateRunes().All(rune => rune.Value > 0xFF);

    public static Refusal EmojiNotOffered(string field) =>
        Refusal.NotOffered(field, $"{field}: aliases of emoji are not available on this server; an alias has {ShortCode.MinChosenLength} to {ShortCode.MaxChosenLength} characters of A-Z, a-z, 0-9, _ and -");
}
