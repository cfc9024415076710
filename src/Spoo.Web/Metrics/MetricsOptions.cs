namespace Spoo.Web.Metrics;

/// <summary>Settings of the section <c>Metrics</c>.</summary>
internal sealed class MetricsOptions
{
    public const string Section = "Metrics";

    /// <summary>Nobody's limits keep somebody from guessing a shorter one.</summary>
    public const int ShortestToken = 16;

    /// <summary>
    /// What whoever reads <c>/metrics</c> must present, as <c>Authorization: Bearer …</c>. None, the default: programs on this machine
    /// may read them, and nobody else.
    /// </summary>
    public string? Token { get; set; }
}
