using System.Collections.Concurrent;
using Spoo.Web.Wire;

namespace Spoo.Web;

/// <summary>
/// Ends the connections of open pages as soon as the server is told to stop, and begins no new ones: their browsers come back at once, and
/// would find the old server again and again for as long as it listens. Everything else, redirects above all, is answered to the last.
/// </summary>
internal sealed class Stopping
{
    /// <summary>For answers that are being given when the server is told to stop. What takes longer is broken off.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    private readonly ConcurrentDictionary<OpenConnection, bool> _open = new();
    private readonly CancellationToken _stopping;

    public Stopping(IHostApplicationLifetime lifetime)
    {
        _stopping = lifetime.ApplicationStopping;
        _stopping.Register(EndAll);
    }

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!IsKeptOpen(context.Request))
        {
            await next(context);
            return;
        }

        using var connection = new OpenConnection(context);
        _open.TryAdd(connection, true);
        try
        {
            // After it was added: a connection that comes too late for the one is seen by the other.
            if (_stopping.IsCancellationRequested)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                context.Response.Headers.RetryAfter = RetryHeader.Of(Patience);
                context.Response.Headers.Connection = "close";
                return;
            }

            await next(context);
        }
        finally
        {
            _open.TryRemove(connection, out _);
        }
    }

    // The streams of public pages end by themselves; their browsers are answered 200 and nothing more until they find the next server.
    private static bool IsKeptOpen(HttpRequest request) => request.Path.StartsWithSegments("/_blazor");

    private void EndAll()
    {
        foreach (var connection in _open.Keys)
        {
            connection.Abort();
        }
    }

    /// <summary>A request that is broken off only as long as it is being answered: its context is another request's afterwards.</summary>
    private sealed class OpenConnection(HttpContext context) : IDisposable
    {
        private readonly Lock _lock = new();
        private HttpContext? _context = context;

        public void Abort()
        {
            lock (_lock)
            {
                _context?.Abort();
            }
        }

        public void Dispose()
        {
            lock (_lock)
            {
                _context = null;
            }
        }
    }
}

internal static class StoppingServices
{
    public static void UseStopping(this WebApplication app)
    {
        // Made now, so that it hears of the end also when no request came.
        var stopping = new Stopping(app.Lifetime);
        app.Use(stopping.InvokeAsync);
    }
}
