
namespace Spoo.Data.Transfer;

/// <summary>What is wrong with the destinations of a file. Lines of one link say the same one, so each is looked at once for many of them.</summary>
/// <param name="problemOf">Looks at one; null: nothing is wrong.</param>
internal sealed class KnownDestinations(Func<string, Message?> problemOf)
{
    /// <summary>Of up to eight kilobytes each.</summary>
    private const int MaxRemembered = 2_000;

    private readonly Dictionary<string, Message?> _known = new(StringComparer.Ordinal);

    public bool MayLeadTo(string longUrl) => ProblemOf(longUrl) is null;

    public Message? ProblemOf(string longUrl)
    {
        if (!_known.TryGetValue(longUrl, out var problem))
        {
            if (_known.Count == MaxRemembered)
            {
                _known.Clear();
            }

            _known[longUrl] = problem = problemOf(longUrl);
        }

        return problem;
    }
}
