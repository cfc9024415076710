using Microsoft.JSInterop;

namespace Spoo.Web.Components.Shared;

/// <summary>
/// Calls of a page's scripts that are worth nothing once the browser has gone: tabs are closed and connections end in the middle of
/// anything, and that is no fault of the page.
/// </summary>
internal static class BrowserCalls
{
    public static async ValueTask TryInvokeVoidAsync(this IJSRuntime script, string name, params object?[] arguments)
    {
        try
        {
            await script.InvokeVoidAsync(name, arguments);
        }
        catch (Exception exception) when (IsGone(exception))
        {
        }
    }

    /// <summary>What the script returned; null when the browser has gone, too.</summary>
    public static async ValueTask<T?> TryInvokeAsync<T>(this IJSRuntime script, string name, params object?[] arguments)
        where T : class
    {
        try
        {
            return await script.InvokeAsync<T?>(name, arguments);
        }
        catch (Exception exception) when (IsGone(exception))
        {
            return null;
        }
    }

    public static async ValueTask TryDisposeAsync(this IJSObjectReference script)
    {
        try
        {
            await script.DisposeAsync();
        }
        catch (Exception exception) when (IsGone(exception))
        {
        }
    }

    /// <summary>
    /// The connection is known to have ended, or the answer did not come in time or comes to a component that was left, which by then has
    /// disposed what it would hand on.
    /// </summary>
    public static bool IsGone(Exception exception) => exception is JSDisconnectedException or OperationCanceledException or ObjectDisposedException;
}
