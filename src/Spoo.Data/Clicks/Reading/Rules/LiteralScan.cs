using System.Runtime.CompilerServices;

namespace Spoo.Data.Clicks.Reading.Rules;

/// <summary>Finds which of many literals occur in a text, in one pass over it (Aho and Corasick's automaton). Letter case is ignored.</summary>
internal sealed class LiteralScan
{
    private readonly byte[] _classes = new byte[128];
    private readonly int _classCount;

    // Row by row: the next state for each class of character, times the width of a row, so that a step is one addition.
    private readonly int[] _next;

    // Per state: the literals that end there, longest first, as a slice of _found.
    private readonly int[] _foundStart;
    private readonly int[] _found;

    public LiteralScan(IReadOnlyList<string> literals)
    {
        LiteralCount = literals.Count;

        // Class 0 is every character that no literal contains.
        var count = 1;
        foreach (var c in literals.SelectMany(literal => literal))
        {
            if (_classes[c] == 0)
            {
                _classes[c] = _classes[char.ToUpperInvariant(c)] = (byte)count++;
            }
        }

        _classCount = count;

        List<int[]> states = [new int[count]];
        List<List<int>> ends = [[]];
        for (var literal = 0; literal < literals.Count; literal++)
        {
            var state = 0;
            foreach (var c in literals[literal])
            {
                ref var next = ref states[state][_classes[c]];
                if (next == 0)
                {
                    next = states.Count;
                    states.Add(new int[count]);
                    ends.Add([]);
                }

                state = next;
            }

            ends[state].Add(literal);
        }

        CompleteTransitions(states, ends);

        _next = new int[states.Count * count];
        _foundStart = new int[states.Count + 1];
        for (var state = 0; state < states.Count; state++)
        {
            for (var c = 0; c < count; c++)
            {
                _next[state * count + c] = states[state][c] * count;
            }

            _foundStart[state + 1] = _foundStart[state] + ends[state].Count;
        }

        _found = [.. ends.SelectMany(end => end)];
    }

    public int LiteralCount { get; }

    /// <summary>Sets the bit of every literal that the text contains.</summary>
    public void Mark(ReadOnlySpan<char> text, Span<ulong> seen)
    {
        var state = 0;
        foreach (var c in text)
        {
            state = _next[state + ClassOf(c)];
            var number = (int)((uint)state / (uint)_classCount);
            for (var i = _foundStart[number]; i < _foundStart[number + 1]; i++)
            {
                seen[_found[i] >> 6] |= 1ul << _found[i];
            }
        }
    }

    // Without the last three, a rule that ignores case would match a text that its literals say it can't:
    // .NET takes the Kelvin sign for a k and the dotted capital I for an i.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int ClassOf(char c) => c < 128 ? _classes[c] : c switch
    {
        '\u212A' => _classes['k'],
        '\u0130' or '\u0131' => _classes['i'],
        '\u017F' => _classes['s'],
        _ => 0,
    };

    // Breadth first: where a state has no way on, it goes where the longest suffix of it that is also a state would go.
    private static void CompleteTransitions(List<int[]> states, List<List<int>> ends)
    {
        var suffix = new int[states.Count];
        var queue = new Queue<int>(states[0].Where(state => state != 0));
        while (queue.TryDequeue(out var state))
        {
            ends[state].AddRange(ends[suffix[state]]);
            for (var c = 0; c < states[state].Length; c++)
            {
                ref var next = ref states[state][c];
                var fallback = states[suffix[state]][c];
                if (next == 0)
                {
                    next = fallback;
                }
                else
                {
                    suffix[next] = fallback;
                    queue.Enqueue(next);
                }
            }
        }
    }
}
