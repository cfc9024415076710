namespace Spoo.Web.Components.Import;

/// <summary>Draws a page now and then while it works: the clock of an import goes on also while nothing is heard of it.</summary>
internal static class Redrawing
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Ends, without an exception, when the work is over.</summary>
    public static async Task UntilAsync(TimeProvider clock, Action draw, CancellationToken isOver)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(isOver))
            {
                draw();
            }
        }
        catch (OperationCanceledException)
        {
            // The work is over.
        }
    }
}
