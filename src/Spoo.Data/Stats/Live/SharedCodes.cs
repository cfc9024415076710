using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Stats.Counting.Columns;

namespace Spoo.Data.Stats.Live;

/// <summary>The codes of what many clicks share, such as their agents, by its key in the database. Many keys may say the same, and then have the same row of codes.</summary>
/// <param name="dimensions">What it says, in the order of the codes of a row.</param>
internal sealed class SharedCodes(Dimension[] dimensions)
{
    private readonly Dictionary<long, int> _rows = [];

    // Keys that were not known, and of those that the database has what it says of them.
    private readonly HashSet<long> _wanted = [];
    private readonly Dictionary<long, ClickFacts> _found = [];

    /// <summary>How many keys are known.</summary>
    public int Count => _rows.Count;

    /// <summary>Whether no key is wanted.</summary>
    public bool KnowsAll => _wanted.Count == 0;

    /// <summary>How many keys are wanted that the database does not have.</summary>
    public int Missing => _wanted.Count - _found.Count;

    /// <summary>The row of a key that has been learned.</summary>
    public int this[long key] => _rows[key];

    public AttributeTable Codes { get; } = new(dimensions.Length);

    /// <summary>Wants to know what a key stands for, unless that is known.</summary>
    public void Want(long key)
    {
        if (!_rows.ContainsKey(key))
        {
            _wanted.Add(key);
        }
    }

    /// <summary>Looks up what is wanted.</summary>
    public async Task FindAsync<T>(
        IQueryable<T> table, Func<long[], Expression<Func<T, bool>>> among, Func<T, long> keyOf, Func<T, ClickFacts> factsOf, CancellationToken cancellationToken)
        where T : class
    {
        foreach (var keys in _wanted.Chunk(ClickCodes.KeysAtOnce))
        {
            await foreach (var entry in table.AsNoTracking().Where(among(keys)).AsAsyncEnumerable().WithCancellation(cancellationToken))
            {
                _found.Add(keyOf(entry), factsOf(entry));
            }
        }
    }

    public bool IsMissing(long key) => _wanted.Contains(key) && !_found.ContainsKey(key);

    /// <summary>Gives a key its codes if it is new.</summary>
    /// <param name="codeOf">The code of a value, which is a new one if the value is.</param>
    public void Learn(long key, Func<Dimension, ClickFacts, int> codeOf)
    {
        if (_found.Remove(key, out var facts))
        {
            _rows.Add(key, Codes.Add(Array.ConvertAll(dimensions, dimension => codeOf(dimension, facts))));
        }
    }

    /// <summary>Forgets what was wanted and not learned.</summary>
    public void EndLearning()
    {
        _wanted.Clear();
        _found.Clear();
    }
}
