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

    private const string AtOnce = "a link works from the moment in which it is made";

    private static readonly Dictionary<string, string> NotOffered = new()
    {
        ["starts_at"] = AtOnce,
        ["pre_start_url"] = AtOnce,
        ["tag_ids"] = "tags have no ids; name them in tags",
    };

    /// <summary>Refuses what cannot be done, in the body of a call that makes or changes a link.</summary>
    public static void RefuseNotOffered(this JsonFields fields, HttpRequest request, ShorteningOptions options)
    {
        foreach (var (name, reason) in NotOffered)
        {
            if (fields.Asks(name))
            {
                fields.Refuse(Refusal.NotOffered(name, $"{name} is not available on this server: {reason}"));
            }
        }

        fields.RefuseOtherDomain(request, options);
    }

    /// <summary>Refuses a domain that is not the one of all links.</summary>
    public static void RefuseOtherDomain(this JsonFields fields, HttpRequest request, ShorteningOptions options)
    {
        if (fields.Text("domain", MaxDomainLength) is { Length: > 0 } domain && RefuseOtherDomain(domain, request, options) is { } refusal)
        {
            fields.Refuse(refusal);
        }
    }

    /// <summary>Why a link cannot be on this domain. Null: all are.</summary>
    public static Refusal? RefuseOtherDomain(string domain, HttpRequest request, ShorteningOptions options) =>
        OwnDomain.Is(domain, request, options)
            ? null
            : Refusal.NotOffered("domain", $"domain is not available on this server: all links are on {OwnDomain.NameOf(request, options)}");
}
