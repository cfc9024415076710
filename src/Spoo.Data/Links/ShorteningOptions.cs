using System.ComponentModel.DataAnnotations;

namespace Spoo.Data.Links;

/// <summary>Settings of the section <c>Links</c>: what people may make.</summary>
public sealed class ShorteningOptions
{
    public const string Section = "Links";

    /// <summary>
    /// Where short links begin for those who click them, such as <c>https://sp.example</c>. Null, the default: at the address that
    /// the request came to.
    /// </summary>
    [Url]
    public string? PublicUrl { get; set; }

    /// <summary>Names under which this server answers besides, from <c>AllowedHosts</c>.</summary>
    public IReadOnlyList<string> OtherHosts { get; set; } = [];

    /// <summary>Whether visitors who are not signed in may make links.</summary>
    public bool AllowAnonymous { get; set; } = true;

    /// <summary>Whether a destination may name its host by an IP address, as it may be useful within a network of one's own.</summary>
    public bool AllowIpAddresses { get; set; }
}
