namespace Spoo.Tests.Stats.Counting;

/// <summary>One click, spelled out.</summary>
/// <param name="Visitor">The visitor's hash.</param>
/// <param name="Time">In Unix milliseconds.</param>
/// <param name="Link">The link's number.</param>
/// <param name="Profile">Codes of the visitor's attributes.</param>
/// <param name="Source">Codes of the source's attributes.</param>
/// <param name="RedirectMs">-1 where not known.</param>
internal sealed record PlainClick(long Visitor, long Time, int Link, int[] Profile, int[] Source, int RedirectMs);
