using System.Text;

namespace Spoo.Data.Links;

/// <summary>How visitors are sent on.</summary>
public static class LinkRedirects
{
    /// <summary>Parts of the visitor's query that are for us.</summary>
    public const string PasswordParameter = "password";

    /// <inheritdoc cref="PasswordParameter"/>
    public const string QrParameter = "qr";

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

    private static (string Page, string[] Query, string Fragment) Parts(string location)
    {
        var fragment = location.IndexOf('#', StringComparison.Ordinal) is var at and >= 0 ? location[at..] : "";
        var rest = location[..^fragment.Length];
        var query = rest.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? (rest, [], fragment) : (rest[..query], rest[(query + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries), fragment);
    }

    private static string NameOf(string pair) => pair.Split('=', 2)[0];
}
