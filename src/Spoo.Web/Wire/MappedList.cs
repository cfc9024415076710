using System.Collections;

namespace Spoo.Web.Wire;

/// <summary>A list made of another, item by item as it is read, and never kept: rows of answers are many, and each is written once.</summary>
internal sealed class MappedList<TSource, T>(IReadOnlyList<TSource> source, Func<TSource, T> make) : IReadOnlyList<T>
{
    public int Count => source.Count;

    public T this[int index] => make(source[index]);

    public IEnumerator<T> GetEnumerator() => source.Select(make).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
