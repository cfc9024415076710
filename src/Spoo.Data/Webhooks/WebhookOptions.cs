using System.ComponentModel.DataAnnotations;

namespace Spoo.Data.Webhooks;

/// <summary>Settings of the section <c>Webhooks</c>: how other servers are told what happened.</summary>
public sealed class WebhookOptions
{
    public const string Section = "Webhooks";

    /// <summary>Endpoints that one account may have. 0: none can be added; those that are there go on.</summary>
    [Range(0, 1000)]
    public int PerAccount { get; set; } = 5;

    /// <summary>
    /// Whether endpoints may be in the server's own network, and be addressed by <c>http</c>. Off by default: whoever has an account could
    /// otherwise make this server ask things of its neighbours.
    /// </summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>How long an endpoint may take to answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:30")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);
}
