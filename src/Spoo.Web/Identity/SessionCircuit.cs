using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Spoo.Data.Accounts;

namespace Spoo.Web.Identity;

/// <summary>
/// Ends an open page with its session. A page knows its viewer from when it was opened, so what it is told to do afterwards is not looked
/// at: a tab that was left open makes nothing.
/// </summary>
internal sealed class SessionCircuit(AuthenticationStateProvider states, Sessions sessions) : CircuitHandler
{
    private Task _before = Task.CompletedTask;

    public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        sessions.Ended += EndIfOurs;
        return Task.CompletedTask;
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        sessions.Ended -= EndIfOurs;
        return Task.CompletedTask;
    }

    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) => async activity =>
    {
        // What a person did first is handed on first, also where looking up the session takes longer for it than for what they did next. Nothing waits for its end.
        var (before, handedOn) = (_before, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _before = handedOn.Task;
        var acting = Task.CompletedTask;
        try
        {
            await before;
            if (await IsLiveAsync())
            {
                acting = next(activity);
            }
            else
            {
                (states as SessionRevalidation)?.End();
            }
        }
        finally
        {
            handedOn.SetResult();
        }

        await acting;
    };

    private async Task<bool> IsLiveAsync()
    {
        var viewer = (await states.GetAuthenticationStateAsync()).User;
        return await sessions.IsLiveAsync(viewer.SessionId(), viewer.Viewer().UserId, CancellationToken.None);
    }

    private void EndIfOurs(string session) => _ = EndIfOursAsync(session);

    private async Task EndIfOursAsync(string session)
    {
        if ((await states.GetAuthenticationStateAsync()).User.SessionId() == session)
        {
            (states as SessionRevalidation)?.End();
        }
    }
}
