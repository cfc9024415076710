namespace Spoo.Web.Metrics;

/// <summary>Settings of the section <c>Metrics</c>.</summary>
internal sealed class MetricsOptions
{
    public const string Section = "Metrics";

    /// <summary>No limit of requests keeps a shorter one from being guessed.</summary>
    public const int ShortestToken = 16;

    /// <summary>
    /// What a reader of <c>/metrics</c> must present, as <c>Authorization: Bearer …</c>. None, the default: programs on this machine
    /// may read them, and no one else.
    /// </summary>
    public string? Token { get; set; }
}
