using Spoo.Data.Links;

namespace Spoo.Data.Stats;

/// <summary>
/// A moment at which a page asks all that it wants to know: each of its questions is answered with every click that was stored by then, and what several of them
/// need is looked up once. For the questions of one viewer.
/// </summary>
/// <param name="asked">In the clock's own time stamps.</param>
public sealed class StatsMoment(long asked)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<object, Task> _found = [];

    internal long Asked => asked;

    /// <summary>Saves looking up a link that has been found at this moment.</summary>
    /// <param name="name">As questions name it.</param>
    public StatsMoment With(LinkName name, Link link)
    {
        lock (_lock)
        {
            _found[name] = Task.FromResult<Link?>(link);
        }

        return this;
    }

    /// <param name="key">What is looked up.</param>
    /// <param name="find">Belongs to no single question, so none can cancel it: others may be waiting for the same.</param>
    internal Task<T> OnceAsync<T>(object key, Func<Task<T>> find, CancellationToken cancellationToken)
    {
        Task<T> found;
        lock (_lock)
        {
            if (_found.TryGetValue(key, out var looking))
            {
                found = (Task<T>)looking;
            }
            else
            {
                _found.Add(key, found = Task.Run(find, CancellationToken.None));
            }
        }

        return found.WaitAsync(cancellationToken);
    }
}
