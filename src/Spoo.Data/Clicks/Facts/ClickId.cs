namespace Spoo.Data.Clicks.Facts;

/// <summary>
/// The key of a click: which writer stored it, and its number in that writer's sequence. Replaying a sequence finds its clicks
/// there already, and a reader that remembers the last number of each writer has missed none.
/// </summary>
/// <remarks>Packed into one positive 64-bit number, writer first: 20 bits of writer, 43 bits of sequence.</remarks>
public readonly record struct ClickId(int Writer, long Sequence)
{
    public const int SequenceBits = 43;
    public const int MaxWriter = (1 << 20) - 1;
    public const long MaxSequence = (1L << SequenceBits) - 1;

    public long Packed => ((long)Writer << SequenceBits) | Sequence;

    public static ClickId Unpack(long packed) => new((int)(packed >> SequenceBits), packed & MaxSequence);

    /// <summary>The first packed key that this writer can use; its keys end before <c>FirstOf(writer + 1)</c>.</summary>
    public static long FirstOf(int writer) => (long)writer << SequenceBits;
}
