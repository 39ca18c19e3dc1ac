namespace Atm0s.Sip.Core.Authentication;

/// <summary>
/// Which nonce counts were used (RFC 7616 §3.4, nc): each once, in any order within 64. Filled only by right digests, so no stranger can
/// fill it; bounded all the same. Beyond its bound the nonces that were used first make room, and they, with all that were made no later,
/// are refused from then on: what is forgotten must not be good for a second use. Any thread.
/// </summary>
/// <param name="capacity">Nonces remembered, about 100 bytes each.</param>
internal sealed class NonceCounts(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<NonceStamp, (uint Highest, ulong Seen)> _used = [];
    private readonly Queue<NonceStamp> _order = new();
    private ulong? _forgottenUntil;

    /// <summary>Nonces that are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _used.Count;
        }
    }

    /// <summary>Takes a count; false when it was taken before, or lies too far back to know.</summary>
    /// <param name="nonce">The nonce.</param>
    /// <param name="count">Its count.</param>
    /// <param name="now">The present time.</param>
    /// <param name="lifetime">How long a nonce may be used.</param>
    public bool TryUse(NonceStamp nonce, uint count, TimeSpan now, TimeSpan lifetime)
    {
        lock (_lock)
        {
            Forget(now - lifetime);
            if (!_used.TryGetValue(nonce, out var used))
                return TryBegin(nonce, count);

            if (count > used.Highest)
            {
                var shift = count - used.Highest;
                _used[nonce] = (count, (shift >= 64 ? 0 : used.Seen << (int)shift) | 1);
                return true;
            }

            var back = used.Highest - count;
            if (back >= 64 || (used.Seen & (1UL << (int)back)) != 0)
                return false;
            _used[nonce] = (used.Highest, used.Seen | (1UL << (int)back));
            return true;
        }
    }

    private bool TryBegin(NonceStamp nonce, uint count)
    {
        if (nonce.Milliseconds <= _forgottenUntil)
            return false;
        if (_order.Count >= capacity)
        {
            ForgetFirst();
        }

        _order.Enqueue(nonce);
        _used[nonce] = (count, 1);
        return true;
    }

    // These are stale by themselves; but who asks next may have a clock that is a little behind.
    private void Forget(TimeSpan before)
    {
        while (_order.TryPeek(out var first) && first.Made < before)
            ForgetFirst();
    }

    private void ForgetFirst()
    {
        var first = _order.Dequeue();
        _used.Remove(first);
        _forgottenUntil = Math.Max(_forgottenUntil ?? 0, first.Milliseconds);
    }
}
