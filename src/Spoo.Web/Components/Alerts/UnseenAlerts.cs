using Spoo.Data.Accounts;
using Spoo.Data.Alerts;

namespace Spoo.Web.Components.Alerts;

/// <summary>How many alerts the viewer of this page has not seen: the page of alerts says when that changes, the navigation hears it.</summary>
public sealed class UnseenAlerts(RaisedAlerts alerts)
{
    public event Action? Changed;

    public void Look() => Changed?.Invoke();

    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public Task<int> CountAsync(Viewer viewer, CancellationToken cancellationToken) =>
        viewer.UserId is { } account ? alerts.UnseenAsync(account, cancellationToken) : Task.FromResult(0);
}
