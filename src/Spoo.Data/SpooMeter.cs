using System.Diagnostics.Metrics;

namespace Spoo.Data;

/// <summary>The meter that all our instruments belong to. No instrument's name or tag says whose anything is: monitoring is no place for that.</summary>
public static class SpooMeter
{
    public const string Name = "Spoo";

    public static Meter Of(IMeterFactory meters) => meters.Create(Name);
}
