namespace Spoo.Web.Components.Shared;

/// <summary>Hands out one token after the other; the next one cancels the one before it.</summary>
internal sealed class CancellationSeries : IDisposable
{
    private CancellationTokenSource? _current;

    public CancellationToken Next()
    {
        Dispose();
        _current = new CancellationTokenSource();
        return _current.Token;
    }

    /// <summary>Cancels the last one. Its source is left to the garbage collector, because a listener may still hold it.</summary>
    public void Dispose() => _current?.Cancel();
}
