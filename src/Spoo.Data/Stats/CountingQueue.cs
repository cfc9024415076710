namespace Spoo.Data.Stats;

/// <summary>
/// Lets a few questions be counted at once while others wait. Callers take turns: one with many questions waits for its own, and holds up
/// another's first one by one question at most.
/// </summary>
/// <param name="atOnce">Questions that are counted at once.</param>
/// <param name="mostWaiting">Questions that may wait; further ones are turned away.</param>
/// <param name="mostOfOne">How many of them may be one caller's.</param>
internal sealed class CountingQueue(int atOnce, int mostWaiting, int mostOfOne)
{
    private readonly Lock _lock = new();

    // Who has questions waiting, in the order of their turns, and the questions of each.
    private readonly LinkedList<string> _turns = [];
    private readonly Dictionary<string, LinkedList<TaskCompletionSource>> _waiting = new(StringComparer.Ordinal);
    private int _running;
    private int _waitingCount;

    /// <summary>Waits for the caller's turn. Null: too many are waiting already. The place is given up by disposing it.</summary>
    /// <exception cref="OperationCanceledException">The question is no longer of interest.</exception>
    public async Task<IDisposable?> EnterAsync(string caller, CancellationToken cancellationToken)
    {
        TaskCompletionSource turn;
        LinkedListNode<TaskCompletionSource> place;
        lock (_lock)
        {
            if (_running < atOnce && _waitingCount == 0)
            {
                _running++;
                return new Place(this);
            }

            if (IsFull(caller))
            {
                return null;
            }

            if (!_waiting.TryGetValue(caller, out var ofCaller))
            {
                _waiting.Add(caller, ofCaller = []);
                _turns.AddLast(caller);
            }

            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            place = ofCaller.AddLast(turn);
            _waitingCount++;
        }

        try
        {
            await turn.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            GiveUp(caller, place);
            throw;
        }

        return new Place(this);
    }

    /// <summary>Whether a further question of this caller would be turned away now.</summary>
    public bool IsFullFor(string caller)
    {
        lock (_lock)
        {
            return IsFull(caller);
        }
    }

    private bool IsFull(string caller) => _waitingCount >= mostWaiting || (_waiting.TryGetValue(caller, out var ofCaller) && ofCaller.Count >= mostOfOne);

    private void GiveUp(string caller, LinkedListNode<TaskCompletionSource> place)
    {
        lock (_lock)
        {
            if (place.List is { } ofCaller)
            {
                ofCaller.Remove(place);
                _waitingCount--;
                if (ofCaller.Count == 0)
                {
                    _waiting.Remove(caller);
                    _turns.Remove(caller);
                }

                return;
            }
        }

        // Its turn came at the same moment, and goes to the next.
        Leave();
    }

    private void Leave()
    {
        lock (_lock)
        {
            if (_turns.First is not { } next)
            {
                _running--;
                return;
            }

            var ofCaller = _waiting[next.Value];
            var turn = ofCaller.First!.Value;
            ofCaller.RemoveFirst();
            _waitingCount--;
            _turns.RemoveFirst();
            if (ofCaller.Count == 0)
            {
                _waiting.Remove(next.Value);
            }
            else
            {
                _turns.AddLast(next);
            }

            turn.SetResult();
        }
    }

    private sealed class Place(CountingQueue queue) : IDisposable
    {
        private CountingQueue? _queue = queue;

        public void Dispose() => Interlocked.Exchange(ref _queue, null)?.Leave();
    }
}
