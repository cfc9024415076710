using Spoo.Data;
using Spoo.Data.Links;
using Spoo.Web.Addresses;

namespace Spoo.Web.Api.Links;

/// <summary>
/// Fields of links that spoo.me has and this server has not. A link that silently does not do what was asked is worse than none, so they
/// are refused, unless they ask for nothing.
/// </summary>
internal static class LinkFields
{
    public const int MaxDomainLength = 253;

    private static readonly Dictionary<string, string> NotOffered = new()
    {
        ["tag_ids"] = "tags have no ids; name them in tags",
    };

    /// <summary>Everything that a link can be asked to be, by some call. What a link merely says of itself is not among it, so that an answer can be sent back.</summary>
    private static readonly HashSet<string> OfAnyCall = JsonFields.NamesIn(typeof(ShortenBody), typeof(EditBody));

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

    /// <summary>Refuses what other calls about links do and this one does not. To be called when all that it does has been read.</summary>
    public static void RefuseOtherLinkFields(this JsonFields fields) => fields.RefuseOthers(OfAnyCall);

    /// <summary>The host of the domain that a link is to be on. Null: the installation's own.</summary>
    public static string? Domain(this JsonFields fields, HttpRequest request, ShorteningOptions options) =>
        OwnDomain.OtherIn(fields.Text("domain", MaxDomainLength), request, options);
}
