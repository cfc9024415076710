namespace Spoo.Tests.Support;

/// <summary>A clock that stands still until it is told otherwise.</summary>
internal sealed class FakeClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
