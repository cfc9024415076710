using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Spoo.Web.Components.Shared;

/// <summary>Whether the browser of this circuit is there. A circuit waits a while for one that is not.</summary>
internal sealed class LiveConnection : CircuitHandler
{
    public event Action? Changed;

    public bool IsUp { get; private set; } = true;

    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken) => Set(true);

    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken) => Set(false);

    private Task Set(bool isUp)
    {
        if (IsUp != isUp)
        {
            IsUp = isUp;
            Changed?.Invoke();
        }

        return Task.CompletedTask;
    }
}
