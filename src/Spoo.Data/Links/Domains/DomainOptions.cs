using System.ComponentModel.DataAnnotations;

namespace Spoo.Data.Links.Domains;

/// <summary>Whether hosts that are nobody's domain are answered.</summary>
public enum UnknownHosts
{
    /// <summary>As if they were the installation's own: whatever leads to this server is its name.</summary>
    Serve,

    /// <summary>There is nothing at them.</summary>
    NotFound,
}

/// <summary>Settings of the section <c>Domains</c>: host names beside the installation's own.</summary>
public sealed class DomainOptions
{
    public const string Section = "Domains";

    /// <summary>How many domains a person may add, those given up included. 0: only administrators add some.</summary>
    [Range(0, 10_000)]
    public int PerAccount { get; set; } = 5;

    /// <summary>What requests are answered whose host is neither the installation's own nor a domain. Addresses of machines are always served.</summary>
    public UnknownHosts UnknownHosts { get; set; }

    /// <summary>Name servers that are asked for the records of domains, such as <c>9.9.9.9</c> or <c>10.0.0.1:5353</c>. Empty, the default: the machine's own.</summary>
    public IReadOnlyList<string> NameServers { get; set; } = [];
}
