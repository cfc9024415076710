using Spoo.Web.Words;
using static Spoo.Web.Words.Plurals;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Components.Import;

/// <summary>How quickly something is read, and how long the rest will take if it goes on like that.</summary>
public sealed class ImportPace(TimeProvider clock)
{
    /// <summary>Before that, what the first moments tell would be wrong.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(1);

    /// <summary>Before that, it has begun slower than it will go on, and would promise many times what it takes.</summary>
    private static readonly TimeSpan Telling = TimeSpan.FromSeconds(6);

    private readonly long _started = clock.GetTimestamp();

    public TimeSpan Elapsed => clock.GetElapsedTime(_started);

    /// <summary>Of what is counted, in a second. Null: that cannot be said yet.</summary>
    public double? Rate(long done) => done > 0 && Elapsed >= Settled ? done / Elapsed.TotalSeconds : null;

    /// <summary>Null: that cannot be said yet.</summary>
    public TimeSpan? Left(long done, long of) => Elapsed >= Telling && Rate(done) is { } rate ? TimeSpan.FromSeconds(Math.Max(0, of - done) / rate) : null;

    /// <summary>12 seconds, 3 minutes, 2 hours: no more exact than anybody wants to know.</summary>
    public static string Words(TimeSpan time) => time switch
    {
        { TotalSeconds: < 90 } => N((long)Math.Ceiling(time.TotalSeconds), "{0} second", "{0} seconds"),
        { TotalMinutes: < 90 } => N((long)Math.Round(time.TotalMinutes), "{0} minute", "{0} minutes"),
        _ => Numbers.Hours(time),
    };
}
