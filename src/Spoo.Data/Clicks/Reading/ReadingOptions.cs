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
}
