using System.Runtime.CompilerServices;
using Spoo.Data.Stats.Counting.Columns;

namespace Spoo.Data.Stats.Counting;

/// <summary>One attribute's codes for what a block has listed: for each click, or for each profile.</summary>
internal sealed class CodeList(ScanPlan plan, AttributeId attribute, bool perProfile)
{
    private readonly int[] _codes = new int[ScanChunk.Size];

    public AttributeId Attribute => attribute;

    public bool PerProfile => perProfile;

    /// <summary>The codes and, after them, whatever is left of longer lists.</summary>
    public int[] Array => _codes;

    public ReadOnlySpan<int> Codes(ScanChunk block) => _codes.AsSpan(0, perProfile ? block.ProfileCount : block.Count);

    /// <param name="block">The block, with its lists made.</param>
    /// <param name="ticks">Ticks of the selected clicks; only needed by time.</param>
    public void Fill(ScanChunk block, ReadOnlySpan<uint> ticks)
    {
        var table = block.Run.Table;
        var codes = _codes.AsSpan(0, perProfile ? block.ProfileCount : block.Count);
        switch (attribute.Level)
        {
            case AttributeLevel.Time:
                plan.BucketsFor(table.Times.TickScale).Number(table.Times, ticks, block.Rows, block.Start, codes);
                break;

            case AttributeLevel.Link when plan.Links?.Only is { } only:
                codes.Fill(only);
                break;

            case AttributeLevel.Link:
                ReadClicks(table.Links, block, codes);
                break;

            case AttributeLevel.LinkGroup:
                ReadClicks(table.Links, block, codes);
                Translate(codes, plan.Question.LinkGroups);
                break;

            case AttributeLevel.Source:
                ReadClicks(table.Sources, block, codes);
                Translate(codes, plan.SourceCodes(attribute.Column));
                break;

            case AttributeLevel.Profile when perProfile && block.IsWhole:
                table.Profiles[attribute.Column].Read(block.FirstProfile, codes);
                break;

            case AttributeLevel.Profile:
                table.Profiles[attribute.Column].Gather(perProfile ? block.ProfileRows : block.ProfileOfClick, codes);
                break;
        }
    }

    private static void ReadClicks(NarrowColumn column, ScanChunk block, Span<int> codes)
    {
        if (block.IsWhole)
        {
            column.Read(block.Start, codes);
        }
        else
        {
            column.Gather(block.Rows, codes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Translate(Span<int> codes, ReadOnlySpan<int> translations)
    {
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = translations[codes[i]];
        }
    }
}
