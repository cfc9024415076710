namespace Spoo.Data.Links.Missed;

/// <summary>How often codes were asked for that are not there, since this was written down last.</summary>
/// <remarks>
/// Strangers can ask for anything, and for as much of it as they like. So there are only so many names for each domain: when they are
/// twice as many, the half that was asked for least often is forgotten, which costs each request nothing that grows with them.
/// </remarks>
internal sealed class MissedCounts(int perDomain)
{
    private readonly Lock _lock = new();
    private Dictionary<long, Dictionary<string, Missed>> _domains = [];

    public void Add(long domainId, string code, DateTimeOffset at)
    {
        lock (_lock)
        {
            if (!_domains.TryGetValue(domainId, out var codes))
            {
                _domains[domainId] = codes = new Dictionary<string, Missed>(StringComparer.Ordinal);
            }

            codes[code] = codes.TryGetValue(code, out var missed) ? missed with { Times = missed.Times + 1, LastAt = at } : new Missed(1, at, at);
            if (codes.Count >= 2 * perDomain)
            {
                _domains[domainId] = Often(codes);
            }
        }
    }

    /// <summary>What there is, by domain and code, which is then forgotten here.</summary>
    public IReadOnlyDictionary<long, Dictionary<string, Missed>> Take()
    {
        lock (_lock)
        {
            var taken = _domains;
            _domains = [];
            return taken.ToDictionary(domain => domain.Key, domain => domain.Value.Count > perDomain ? Often(domain.Value) : domain.Value);
        }
    }

    /// <summary>Puts back what could not be written down.</summary>
    public void PutBack(long domainId, Dictionary<string, Missed> codes)
    {
        lock (_lock)
        {
            if (!_domains.TryGetValue(domainId, out var newer))
            {
                _domains[domainId] = codes;
                return;
            }

            foreach (var (code, missed) in codes)
            {
                newer[code] = newer.TryGetValue(code, out var other) ? new Missed(missed.Times + other.Times, missed.FirstAt, other.LastAt) : missed;
            }

            _domains[domainId] = newer.Count >= 2 * perDomain ? Often(newer) : newer;
        }
    }

    private Dictionary<string, Missed> Often(Dictionary<string, Missed> codes) => new(
        codes.OrderByDescending(code => code.Value.Times).ThenByDescending(code => code.Value.LastAt).Take(perDomain), StringComparer.Ordinal);

    internal readonly record struct Missed(long Times, DateTimeOffset FirstAt, DateTimeOffset LastAt);
}
