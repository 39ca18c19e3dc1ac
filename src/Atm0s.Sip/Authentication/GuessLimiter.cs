using System.Net;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Authentication;

/// <summary>
/// Slows down who guesses passwords: each source has a bucket of wrong answers that fills up again with time. An IPv6 /64 is one source.
/// Only sources that have answered a challenge sent to their address come here, so nobody else's bucket can be emptied. Any thread.
/// </summary>
/// <param name="burst">Wrong passwords in a row, 0 for no limit.</param>
/// <param name="recovery">Time after which one more is allowed.</param>
internal sealed class GuessLimiter(int burst, TimeSpan recovery)
{
    private const int MaxSources = 65_536;
    // Without wrong answers so far: a whole office behind one address that comes back after a power cut, each phone with its own user.
    private const int MaxChecksOfInnocent = 64;
    private const int MaxUsersOfInnocent = 1_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, Bucket> _buckets = [];
    private TimeSpan _sweptAt = TimeSpan.MinValue / 2;

    /// <summary>Sources that something is remembered of.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _buckets.Count;
        }
    }

    /// <summary>Begins the check of a password; false when its source has to wait.</summary>
    /// <param name="address">The source.</param>
    /// <param name="now">The present time.</param>
    /// <param name="user">Whose password it is: a source without wrong ones may have one more under way for each user.</param>
    public bool TryEnter(IPAddress address, TimeSpan now, string? user = null)
    {
        if (burst == 0)
            return true;
        var source = SourceLimiter.SourceOf(address);
        lock (_lock)
        {
            if (!_buckets.TryGetValue(source, out var bucket))
            {
                if (_buckets.Count >= MaxSources)
                    MakeRoom(now);
                _buckets[source] = bucket = new Bucket(burst, now);
            }

            bucket.Refill(now, burst, recovery);
            var allowed = bucket.Left >= burst ? MaxChecksOfInnocent : (int)Math.Max(0, bucket.Left);
            if (bucket.Checks >= allowed && !(bucket.Left >= burst && bucket.TryAddUser(user, MaxUsersOfInnocent)))
                return false;
            bucket.Checks++;
            return true;
        }
    }

    /// <summary>Ends a check that was begun.</summary>
    /// <param name="address">The source.</param>
    /// <param name="now">The present time.</param>
    /// <param name="wasWrong">Whether the password was wrong.</param>
    /// <param name="user">Whose password it is.</param>
    /// <returns>Whether the source has to wait from now on.</returns>
    public bool Leave(IPAddress address, TimeSpan now, bool wasWrong, string? user = null)
    {
        var source = SourceLimiter.SourceOf(address);
        lock (_lock)
        {
            if (!_buckets.TryGetValue(source, out var bucket))
                return false;
            bucket.Checks--;
            bucket.RemoveUser(user);
            bucket.Refill(now, burst, recovery);
            var hadSome = bucket.Left >= 1;
            if (wasWrong)
                // Those that were under way at once are paid for, too.
                bucket.Left--;
            if (bucket.IsFull(burst))
                _buckets.Remove(source);
            return hadSome && bucket.Left < 1;
        }
    }

    // Looks at all of them now and then only: who comes from everywhere must not make that our work.
    private void MakeRoom(TimeSpan now)
    {
        if (now - _sweptAt >= recovery)
        {
            _sweptAt = now;
            foreach (var (source, bucket) in _buckets.ToArray())
            {
                bucket.Refill(now, burst, recovery);
                if (bucket.IsFull(burst))
                    _buckets.Remove(source);
            }
        }

        if (_buckets.Count >= MaxSources)
            _buckets.Remove(_buckets.First().Key);
    }

    private sealed class Bucket(double left, TimeSpan at)
    {
        private TimeSpan _at = at;
        private HashSet<string>? _users;    // of the checks beyond the usual number

        public double Left { get; set; } = left;

        public int Checks { get; set; }

        public bool IsFull(int burst) => Left >= burst && Checks == 0;

        public bool TryAddUser(string? user, int max)
        {
            if (user is null || _users?.Count >= max)
                return false;
            _users ??= new HashSet<string>(StringComparer.Ordinal);
            return _users.Add(user);
        }

        public void RemoveUser(string? user)
        {
            if (user is not null)
                _users?.Remove(user);
        }

        public void Refill(TimeSpan now, int burst, TimeSpan recovery)
        {
            // Each shard reads the clock for itself: one may be behind another.
            if (now <= _at)
                return;
            Left = Math.Min(burst, Left + ((now - _at) / recovery));
            _at = now;
        }
    }
}
