using Spoo.Data.Clicks.Facts;

namespace Spoo.Data.Clicks.Reading;

/// <summary>Settings of the section <c>Clicks</c>, too: what is kept of a click.</summary>
public sealed class ReadingOptions
{
    public const string Section = "Clicks";

    /// <summary>
    /// Whether of a referrer's address everything is kept. Otherwise what follows its question mark, where sites put search words, addresses of
    /// people and tokens, is left out before anything is written down, and of imported clicks, too.
    /// </summary>
    public bool KeepReferrerQuery { get; set; }

    /// <summary>
    /// Whether visits whose browser asks not to be followed (<c>DNT: 1</c>, <c>Sec-GPC: 1</c>) are counted without visitor, place, referrer and
    /// campaign. They are clicks like any other, and no unique visitors.
    /// </summary>
    public bool HonourDoNotTrack { get; set; }

    /// <summary>
    /// For how long a visitor keeps the number that the address is turned into. A key that changes makes it impossible to find out later who came, and
    /// has its price: a visitor who comes in two periods counts once in each.
    /// </summary>
    public VisitorKeyLife VisitorKey { get; set; } = VisitorKeyLife.Permanent;
}
