namespace Spoo.Web.Components.Public;

/// <summary>Settings of the section <c>PublicPages</c>: the pages that show a link's numbers to everybody.</summary>
internal sealed class PublicOptions
{
    public const string Section = "PublicPages";

    /// <summary>
    /// Whose pages may show one of ours in a frame, in the words of the header Content-Security-Policy: <c>*</c>, the default, is
    /// every site, <c>'none'</c> no site, <c>https://blog.example https://*.example.org</c> these two.
    /// </summary>
    public string FrameAncestors { get; set; } = "*";
}
