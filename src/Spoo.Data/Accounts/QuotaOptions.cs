using System.ComponentModel.DataAnnotations;

namespace Spoo.Data.Accounts;

/// <summary>
/// Settings of the section <c>Quotas</c>: how much each account may have. Null, the default everywhere: as much as it likes. Administrators are not
/// limited.
/// </summary>
public sealed class QuotaOptions
{
    public const string Section = "Quotas";

    [Range(0, long.MaxValue)]
    public long? Links { get; set; }
}
