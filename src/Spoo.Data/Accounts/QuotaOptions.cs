using System.ComponentModel.DataAnnotations;

namespace Spoo.Data.Accounts;

/// <summary>
/// Settings of the section <c>Quotas</c>: how much each account may have. Null, the default everywhere: as much as it likes. Administrators are not
/// limited, unless one of them is by name.
/// </summary>
public sealed class QuotaOptions
{
    public const string Section = "Quotas";

    [Range(0, long.MaxValue)]
    public long? Links { get; set; }

    /// <summary>Within a calendar month, UTC. Links go on beyond it; what is said is that it is reached.</summary>
    [Range(0, long.MaxValue)]
    public long? ClicksAMonth { get; set; }

    /// <summary>For how many days clicks are kept at most.</summary>
    [Range(1, 36_500)]
    public long? StoredDays { get; set; }

    /// <summary>Within a day, UTC.</summary>
    [Range(0, long.MaxValue)]
    public long? ApiCallsADay { get; set; }

    [Range(1, long.MaxValue)]
    public long? ExportsAtOnce { get; set; }
}
