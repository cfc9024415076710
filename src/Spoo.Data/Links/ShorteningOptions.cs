using System.ComponentModel.DataAnnotations;
using Spoo.Data.Links.Codes;

namespace Spoo.Data.Links;

/// <summary>Which letters an alias may have.</summary>
public enum AliasLetters
{
    /// <summary>A to Z, in capitals and small ones.</summary>
    Ascii,

    /// <summary>Those of all languages.</summary>
    All,
}

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
    public IReadOnlyList<string> OtherHosts { get; internal set; } = [];

    /// <summary>All names of this server that the settings say.</summary>
    public IEnumerable<string> OwnHosts() => PublicUrl is { } url ? OtherHosts.Prepend(new Uri(url).Host) : OtherHosts;

    /// <summary>Whether visitors who are not signed in may make links. Off by default: a shortener that is open to all is abused within days.</summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>Whether a destination may name its host by an IP address, as it may be useful within a network of one's own.</summary>
    public bool AllowIpAddresses { get; set; }

    /// <summary>
    /// With which schemes a destination may begin beside <c>http</c> and <c>https</c>, with blanks between them: <c>mailto tel sms facetime</c>.
    /// Never such that run in a browser or read files.
    /// </summary>
    public string Schemes { get; set; } = "mailto tel";

    /// <summary>
    /// A file of hosts to which no link leads, one a line, in the manner of a hosts file or without addresses; read again when it has
    /// changed. Null, the default: <c>blocked-hosts.txt</c> in the data folder, where there is one.
    /// </summary>
    public string? BlockedHostsFile { get; set; }

    /// <summary>
    /// For how many days it is remembered which codes were asked for that are not there. 0: it is not counted.
    /// </summary>
    [Range(0, 3650)]
    public int MissedDays { get; set; } = 90;

    /// <summary>
    /// How many megabytes the pictures may have together that an account brings for the cards of its links. 0: none are kept, and only addresses of pictures
    /// elsewhere are taken.
    /// </summary>
    [Range(0, 100_000)]
    public int PictureMegabytes { get; set; } = 50;

    /// <summary>How long an alias may be that people choose. spoo.me's have up to 16 characters.</summary>
    [Range(ShortCode.MaxChosenLength, ShortCode.MaxLength)]
    public int MaxAliasLength { get; set; } = ShortCode.MaxChosenLength;

    /// <summary>Which letters an alias may have that people choose.</summary>
    public AliasLetters AliasLetters { get; set; }

    /// <summary>Whether such an alias may have dots between its other characters.</summary>
    public bool AliasDots { get; set; }

    /// <summary>
    /// Whether codes may be in folders, as <c>team/launch</c>. Where they may not, none is looked for: such links, from a time when they might, stay where they
    /// are and lead nowhere.
    /// </summary>
    public bool SlashesInCodes { get; set; }

    /// <summary>Whether a text that is a code by its look is one here, too.</summary>
    public bool MayBeCode(string code) => SlashesInCodes || !ShortCode.IsInFolder(code);

    /// <summary>
    /// Whether capital and small letters of codes do not differ on the installation's own domain. Where codes clash already, each is found as it is written,
    /// and what is written otherwise leads to the older one.
    /// </summary>
    public bool IgnoreCase { get; set; }

    /// <summary>Where the address of the server alone leads visitors who are not signed in. Null, the default: to its own home page.</summary>
    [Url]
    public string? HomeUrl { get; set; }

    /// <summary>Where an unknown short link leads. Null, the default: to a page that says so.</summary>
    [Url]
    public string? NotFoundUrl { get; set; }

    /// <summary>Where a link leads that has ended and says nothing of the time after. Null, the default: to a page that says so.</summary>
    [Url]
    public string? EndedUrl { get; set; }
}
