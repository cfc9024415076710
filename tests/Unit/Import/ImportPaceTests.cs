using Microsoft.Extensions.Time.Testing;
using Spoo.Web.Components.Import;

namespace Spoo.Tests.Import;

public sealed class ImportPaceTests
{
    [Fact]
    public void The_rate_is_said_after_a_second_and_what_is_left_once_the_start_no_longer_weighs()
    {
        var clock = new FakeTimeProvider();
        var pace = new ImportPace(clock);

        clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Null(pace.Rate(100));
        clock.Advance(TimeSpan.FromSeconds(1.5));
        Assert.Equal((50d, null), (pace.Rate(100), pace.Left(100, 10_000)));
        clock.Advance(TimeSpan.FromSeconds(8));

        Assert.Equal((500d, TimeSpan.FromSeconds(10)), (pace.Rate(5_000), pace.Left(5_000, 10_000)));
    }
}
