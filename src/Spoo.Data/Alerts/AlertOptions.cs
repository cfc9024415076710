using System.ComponentModel.DataAnnotations;

namespace Spoo.Data.Alerts;

/// <summary>Settings of the section <c>Alerts</c>.</summary>
public sealed class AlertOptions
{
    public const string Section = "Alerts";

    /// <summary>Whether this server may look whether destinations answer: it calls other people's servers for that, so it is off unless its operator wants it.</summary>
    public bool CheckDestinations { get; set; }

    /// <summary>Destinations that all nodes together call within a minute.</summary>
    [Range(1, 60)]
    public int ChecksAMinute { get; set; } = 4;

    /// <summary>Whether destinations in the operator's own network are called as well.</summary>
    public bool AllowPrivateAddresses { get; set; }
}
