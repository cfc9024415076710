using Spoo.Data;
using Spoo.Data.Links.Domains;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Words;

/// <summary>What people read about domains.</summary>
internal static class DomainWords
{
    public static string Of(DomainState state) => state switch
    {
        DomainState.Pending => T("Not verified yet"),
        DomainState.Active => T("Active domain"),
        DomainState.Suspended => T("Switched off"),
        _ => T("Given up"),
    };

    /// <summary>Why a domain is not proved.</summary>
    public static string OfFault(string fault, string host) =>
        DomainFaults.Parse(fault, host) is { Count: > 0 } faults ? string.Join("; ", faults.Select(one => T(one))) : fault;

    public static string Of(Refusal no) => no.Code switch
    {
        "domain_already_registered" => T("This domain is registered here already."),
        "domain_quota_exceeded" => T("You have as many domains as an account may have here. Those count that you have given up: remove one from the list first."),
        _ when no.Kind == RefusalKind.Conflict => T("Links are still on this domain: move or delete them first."),
        _ when no.Fields is [{ Field: "fqdn" }] => T("Enter the whole name of a host, such as links.example.com."),
        _ when no.Fields is [{ Field: "root_redirect" or "not_found_redirect" }] => T("An address begins with http:// or https://, then names a host, and has no blanks."),
        _ => T(no.Message),
    };
}
