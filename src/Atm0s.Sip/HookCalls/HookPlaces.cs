namespace Atm0s.Sip.HookCalls;

/// <summary>The questions that handlers are at work on: bounded, and known, so that a stop can cancel them. Any thread.</summary>
/// <param name="max">How many there may be.</param>
internal sealed class HookPlaces(int max)
{
    private int _max = max;
    private readonly Lock _lock = new();
    private readonly HashSet<IHookUnderWay> _underWay = new(ReferenceEqualityComparer.Instance);
    private bool _isFull;

    /// <summary>Changes how many there may be.</summary>
    public void SetMax(int newMax)
    {
        lock (_lock)
            _max = newMax;
    }

    /// <summary>Takes a place.</summary>
    /// <param name="question">For this question.</param>
    /// <param name="isFirstRefusal">Whether it is the first that finds none, since there were plenty.</param>
    public bool TryEnter(IHookUnderWay question, out bool isFirstRefusal)
    {
        lock (_lock)
        {
            isFirstRefusal = false;
            if (_underWay.Count < _max)
                return _underWay.Add(question);
            isFirstRefusal = !_isFull;
            _isFull = true;
            return false;
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Leave(IHookUnderWay question)
    {
        lock (_lock)
        {
            _underWay.Remove(question);
            if (_underWay.Count < _max / 2)
                _isFull = false;
        }
    }

    /// <summary>Cancels them all.</summary>
    public void CancelAll()
    {
        IHookUnderWay[] all;
        lock (_lock)
            all = [.. _underWay];
        foreach (var question in all)
            question.Cancel();
    }
}
