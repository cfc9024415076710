using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Spoo.Tests.Support;

/// <summary>Waits for what another thread or process is about to do.</summary>
internal static class Eventually
{
    /// <summary>Many times longer than anything here takes, so that a busy machine fails no test; and an end, so that a broken one does.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <param name="meanwhile">Done after each look in vain, such as letting a fake clock go on.</param>
    public static Task TrueAsync(
        Func<bool> isSo, Action? meanwhile = null, [CallerArgumentExpression(nameof(isSo))] string what = "") =>
        TrueAsync(() => Task.FromResult(isSo()), meanwhile, what);

    /// <param name="meanwhile">Done after each look in vain, such as letting a fake clock go on.</param>
    public static async Task TrueAsync(
        Func<Task<bool>> isSo, Action? meanwhile = null, [CallerArgumentExpression(nameof(isSo))] string what = "")
    {
        for (var started = Stopwatch.GetTimestamp(); !await isSo();)
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                Assert.Fail($"Waited {Patience} in vain for: {what}");
            }

            meanwhile?.Invoke();
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }
}
