using Microsoft.Extensions.Localization;
using MudBlazor;

namespace Spoo.Web.Words;

/// <summary>What the controls' library says by itself, in the languages of the pages; in English it says it as it is. <see cref="Texts"/> are our own.</summary>
internal sealed class ControlTexts : MudLocalizer
{
    private static readonly Translations Translated = new("Spoo.Web.Words.ControlTexts");

    public override LocalizedString this[string key] =>
        Translated.Find(key) is { } text ? new(key, text) : new(key, key, resourceNotFound: true);
}
