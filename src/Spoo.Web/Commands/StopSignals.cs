using System.Runtime.InteropServices;

namespace Spoo.Web.Commands;

/// <summary>
/// Ctrl+C, and the wish of the system that the process ends: the first one asks the command to come to an end and to say how far it got, a second one ends
/// it where it is.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stopped = new();
    private readonly List<PosixSignalRegistration> _signals = [];

    public StopSignals()
    {
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop));
    }

    public CancellationToken Stopped => _stopped.Token;

    public void Dispose()
    {
        _signals.ForEach(signal => signal.Dispose());
        _stopped.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = !_stopped.IsCancellationRequested;
        _stopped.Cancel();
    }
}
