using System.Text;
using Spoo.Data.Links.Destinations;

namespace Spoo.Data.Links;

/// <summary>How visitors are sent on.</summary>
public static class LinkRedirects
{
    public const int Default = 302;

    /// <summary>301 and 308 may be remembered by browsers, 307 and 308 repeat what was sent in a body.</summary>
    public static IReadOnlyList<int> Statuses { get; } = [Default, 301, 307, 308];

    /// <summary>Parts of the visitor's query that are for us.</summary>
    public const string PasswordParameter = "password";

    /// <inheritdoc cref="PasswordParameter"/>
    public const string QrParameter = "qr";

    /// <summary>Whether browsers may send a visitor on by themselves for a while, and such visits are then not counted.</summary>
    public static bool IsRemembered(int? status) => status is 301 or 308;

    /// <summary>
    /// The destination with the visitor's query: a parameter that it has already is replaced where it stands, others are put behind its own, in their
    /// order. What was meant for us is left out.
    /// </summary>
    public static string WithQuery(string location, string query)
    {
        List<string> passed = [.. query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Where(pair => NameOf(pair) is not (PasswordParameter or QrParameter))];
        if (passed.Count == 0)
        {
            return location;
        }

        var (page, own, fragment) = Parts(location);
        var result = new StringBuilder(page);
        var separator = '?';
        var theirs = passed.ToLookup(NameOf);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pair in own)
        {
            var name = NameOf(pair);
            Append(!theirs.Contains(name) ? [pair] : taken.Add(name) ? theirs[name] : []);
        }

        Append(passed.Where(pair => !taken.Contains(NameOf(pair))));
        return result.Append(fragment).ToString();

        void Append(IEnumerable<string> pairs)
        {
            foreach (var pair in pairs)
            {
                result.Append(separator).Append(pair);
                separator = '&';
            }
        }
    }

    /// <summary>The destination with more of a path behind its own. Only pages of the web have one.</summary>
    /// <param name="rest">Percent-encoded, and begins with a slash.</param>
    public static string WithPath(string location, string rest)
    {
        if (rest.Length <= 1 || !LinkSchemes.TryRead(location, out var scheme) || !LinkSchemes.IsOfTheWeb(scheme))
        {
            return location;
        }

        var end = location.AsSpan().IndexOfAny('?', '#') is var at and >= 0 ? at : location.Length;
        return $"{location.AsSpan(0, end).TrimEnd('/')}{rest}{location.AsSpan(end)}";
    }

    private static (string Page, string[] Query, string Fragment) Parts(string location)
    {
        var fragment = location.IndexOf('#', StringComparison.Ordinal) is var at and >= 0 ? location[at..] : "";
        var rest = location[..^fragment.Length];
        var query = rest.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? (rest, [], fragment) : (rest[..query], rest[(query + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries), fragment);
    }

    private static string NameOf(string pair) => pair.Split('=', 2)[0];
}
