using Microsoft.Extensions.Options;
using Spoo.Web.Addresses;

namespace Spoo.Web;

/// <summary>
/// The time between being told to stop and stopping (<see cref="ServerOptions.DrainFor"/>). Visitors are answered as before, and <c>/health/ready</c> says that balancers should
/// send them elsewhere.
/// </summary>
internal sealed class Draining(IOptions<ServerOptions> options, TimeProvider clock) : IHostedLifecycleService
{
    private bool _hasBegun;

    /// <summary>Whether the server has been told to stop.</summary>
    public bool HasBegun => Volatile.Read(ref _hasBegun);

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // Who stops a server twice does not wait twice.
        if (Interlocked.Exchange(ref _hasBegun, true))
        {
            return;
        }

        await Task.Delay(options.Value.DrainFor, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
