using System.Globalization;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Question;

namespace Spoo.Web.Words;

/// <summary>What the pages show for a value, in each of their languages: an address means the same to everybody.</summary>
internal sealed class ValueNames : IValueNames
{
    public IEnumerable<string> Of(Dimension dimension, string label)
    {
        if (!Labels.IsNamed(dimension, label))
        {
            return [];
        }

        var viewers = CultureInfo.CurrentUICulture;
        try
        {
            return [.. Labels.Languages.Select(language => In(language, dimension, label))];
        }
        finally
        {
            CultureInfo.CurrentUICulture = viewers;
        }
    }

    private static string In(CultureInfo language, Dimension dimension, string label)
    {
        CultureInfo.CurrentUICulture = language;
        return Labels.Of(dimension, label);
    }
}
