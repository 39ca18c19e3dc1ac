namespace Atm0s.Sip.Core.Authentication;

/// <summary>
/// Which nonce counts were used (RFC 7616 §3.4, nc): each once, in any order within 64. Filled only by right digests, so no stranger can
/// fill it;
/// bounded all the same, the oldest nonces making room.
/// </summary>
internal sealed class NonceCounts(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (uint Highest, ulong Seen)> _used = new(StringComparer.Ordinal);
    private readonly Queue<(string Nonce, TimeSpan Made)> _order = new();

    /// <summary>Takes a count; false when it was taken before, or lies too far back to know.</summary>
    public bool TryUse(string nonce, uint count, TimeSpan made, TimeSpan now, TimeSpan lifetime)
    {
        lock (_lock)
        {
            Forget(now - lifetime);
            if (!_used.TryGetValue(nonce, out var used))
            {
                if (_order.Count >= capacity)
                    ForgetOldest();
                _order.Enqueue((nonce, made));
                _used[nonce] = (count, 1);
                return true;
            }

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

    private void Forget(TimeSpan before)
    {
        while (_order.TryPeek(out var oldest) && oldest.Made < before)
            ForgetOldest();
    }

    private void ForgetOldest() => _used.Remove(_order.Dequeue().Nonce);
}
