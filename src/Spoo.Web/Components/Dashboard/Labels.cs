using Spoo.Data.Clicks;
using Spoo.Data.Stats;

namespace Spoo.Web.Components.Dashboard;

/// <summary>What pages call the values of a dimension. Addresses and the API keep the label of the report: a country is <c>DE</c> there.</summary>
internal static class Labels
{
    public static string Of(Dimension dimension, string label)
    {
        if (dimension == Dimension.Country)
        {
            return label == Dimension.Country.NoValue ? "Unknown" : Countries.NameOf(label);
        }

        if (dimension == Dimension.Language)
        {
            return label == Dimension.Language.NoValue ? label : Languages.NameOf(label);
        }

        if (dimension == Dimension.Trigger)
        {
            return label switch { "qr" => "QR code", "link" => "Link", _ => label };
        }

        return dimension == Dimension.Device || dimension == Dimension.VisitorType ? Capitalised(label) : label;
    }

    /// <summary>The flag of a country. Null: it has none here.</summary>
    public static string? FlagOf(Dimension dimension, string label) =>
        dimension == Dimension.Country && label is [>= 'A' and <= 'Z', >= 'A' and <= 'Z'] && label != Dimension.Country.NoValue
            ? string.Concat(label.Select(letter => char.ConvertFromUtf32(0x1F1E6 + letter - 'A')))
            : null;

    private static string Capitalised(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
