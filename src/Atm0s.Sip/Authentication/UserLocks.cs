using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Authentication;

/// <summary>
/// Slows down who guesses the password of one user: so many wrong ones within a time, then none is looked at until it is over; each that is
/// under way may be one. As long as they come from one source, only that source waits: a single stranger locks nobody out. Names that
/// nobody has are treated alike. Any thread.
/// </summary>
/// <param name="max">Wrong passwords, 0 for no limit.</param>
/// <param name="window">The time.</param>
internal sealed class UserLocks(int max, TimeSpan window)
{
    private const int MaxUsers = 65_536;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Guesses> _users = new(StringComparer.Ordinal);

    public int Count
    {
        get
        {
            lock (_lock)
                return _users.Count;
        }
    }

    /// <summary>Begins the check of a password; false when its user is locked.</summary>
    public bool TryEnter(string user, SourceKey source, TimeSpan now)
    {
        if (max == 0)
            return true;
        lock (_lock)
        {
            if (!_users.TryGetValue(user, out var guesses))
            {
                if (_users.Count >= MaxUsers)
                    _users.Remove(_users.First().Key);
                _users.Add(user, guesses = new Guesses());
            }

            if (guesses.Wrong > 0 && now >= guesses.Until)
                guesses.Wrong = 0;
            var left = max - guesses.Wrong;
            // What one source has used up leaves the others one at a time.
            if (guesses.Wrong > 0 && guesses.Only is { } only && only != source)
                left = Math.Max(1, left);
            if (guesses.Checks >= left)
                return false;
            guesses.Checks++;
            return true;
        }
    }

    /// <summary>Ends a check that was begun.</summary>
    /// <returns>Whether the user is locked from now on.</returns>
    public bool Leave(string user, SourceKey source, TimeSpan now, bool wasWrong)
    {
        lock (_lock)
        {
            if (!_users.TryGetValue(user, out var guesses))
                return false;
            guesses.Checks = Math.Max(0, guesses.Checks - 1);
            if (wasWrong)
            {
                guesses.Count(source, now, window);
            }
            else if (guesses is { Wrong: 0, Checks: 0 })
            {
                _users.Remove(user);
            }

            return wasWrong && guesses.Wrong == max;
        }
    }

    private sealed class Guesses
    {
        public int Wrong { get; set; }

        public int Checks { get; set; }

        public TimeSpan Until { get; private set; }

        /// <summary>Where all the wrong ones came from; null when from several sources.</summary>
        public SourceKey? Only { get; private set; }

        public void Count(SourceKey source, TimeSpan now, TimeSpan window)
        {
            Wrong++;
            if (Wrong == 1)
            {
                Only = source;
                Until = now + window;
                return;
            }

            if (Only != source)
                Only = null;
        }
    }
}
