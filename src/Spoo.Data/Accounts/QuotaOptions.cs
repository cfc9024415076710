using System.ComponentModel.DataAnnotations;

namespace Spoo.Data.Accounts;

/// <summary>
/// Settings of the section <c>Quotas</c>: how much each account may have. Null, the default everywhere: as much as it likes. Administrators are not
/// limited, and a person may have a limit of their own (<see cref="AccountQuota"/>).
/// </summary>
public sealed class QuotaOptions
{
    public const string Section = "Quotas";

    [Range(0, long.MaxValue)]
    public long? Links { get; set; }

    [Range(0, long.MaxValue)]
    public long? ClicksAMonth { get; set; }

    [Range(SpooUser.MinRetentionDays, SpooUser.MaxRetentionDays)]
    public long? StoredDays { get; set; }

    [Range(0, long.MaxValue)]
    public long? ApiCallsADay { get; set; }

    [Range(0, long.MaxValue)]
    public long? ExportsAtOnce { get; set; }

    public long? Of(QuotaKind kind) => kind switch
    {
        QuotaKind.Links => Links,
        QuotaKind.ClicksAMonth => ClicksAMonth,
        QuotaKind.StoredDays => StoredDays,
        QuotaKind.ApiCallsADay => ApiCallsADay,
        QuotaKind.ExportsAtOnce => ExportsAtOnce,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No setting for this kind of quota."),
    };
}
