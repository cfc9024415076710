using Spoo.Data.Clicks.Facts;



namespace Spoo.Data.Clicks.Reading;

/// <summary>What a User-Agent says of the visitor's machine. Null is "not known", in each place.</summary>
/// <param name="Browser">The browser's family without its version: "Chrome Mobile", "Mobile Safari".</param>
/// <param name="Os">The operating system's family without its version: "Windows", "macOS", "iOS".</param>
/// <param name="Device">What kind of machine it is.</param>
public sealed record AgentFacts(string? Browser, string? Os, DeviceClass? Device)
{
    public static AgentFacts Unknown { get; } = new(null, null, null);
}
