using Spoo.Web.Addresses;
using static Spoo.Web.Words.Plurals;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Components.Links;

/// <summary>What is asked of the links of a list beside status, tag and domain, by the names that the field for more filters has for it.</summary>
internal static class LinkTraits
{
    public static IReadOnlyList<(string Trait, string Title)> Titles =>
    [
        ("password=yes", T("With password")), ("password=no", T("Without password")),
        ("limit=yes", T("With a limit of clicks")), ("limit=no", T("Without a limit")),
        ("private=no", T("With public statistics")), ("private=yes", T("With private statistics")),
        ("ending", T("Ends within 30 days")),
        ("archived", T("In the archive")),
    ];

    public static IReadOnlyCollection<string> Of(LinksAddress address) => [.. new[]
    {
        Named("password", address.HasPassword), Named("limit", address.HasLimit), Named("private", address.IsPrivate),
        address.EndsSoon ? "ending" : null, address.IsArchived ? "archived" : null,
    }.OfType<string>()];

    /// <summary>The same list with these traits. Of two that exclude each other, the one that was chosen last.</summary>
    public static LinksAddress With(LinksAddress address, IEnumerable<string?>? traits)
    {
        var (chosen, before) = (traits?.OfType<string>().ToHashSet() ?? [], Of(address));
        return address with
        {
            HasPassword = Flag("password"),
            HasLimit = Flag("limit"),
            IsPrivate = Flag("private"),
            EndsSoon = chosen.Contains("ending"),
            IsArchived = chosen.Contains("archived"),
        };

        bool? Flag(string name) => (chosen.Contains($"{name}=yes"), chosen.Contains($"{name}=no")) switch
        {
            (true, true) => !before.Contains($"{name}=yes"),
            (true, _) => true,
            (_, true) => false,
            _ => null,
        };
    }

    public static string InWords(IReadOnlyList<string?>? traits) => traits switch
    {
        null or [] => "",
        [var only] => Titles.First(title => title.Trait == only).Title,
        _ => N(traits.Count, "{0} filter", "{0} filters"),
    };

    private static string? Named(string trait, bool? flag) => flag is null ? null : $"{trait}={(flag.Value ? "yes" : "no")}";
}
