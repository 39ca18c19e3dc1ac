using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Sounds;

/// <summary>
/// Wrong PINs of each caller: who has typed too many has to wait, however often he hangs up and calls again. Bounded: callers beyond those
/// that are kept are counted together. Any thread.
/// </summary>
internal sealed class PinBrake
{
    /// <summary>Wrong PINs of one caller within <see cref="Window"/>.</summary>
    public const int MaxWrong = 10;

    /// <summary>Callers that are told apart.</summary>
    public const int MaxCallers = 1000;

    /// <summary>From the first wrong one on.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private const string Others = "";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (int Wrong, DateTimeOffset Since)> _callers = new(StringComparer.Ordinal);

    /// <summary>Who calls: a user that has shown his password, else the number at its address.</summary>
    public static string CallerOf(InviteRequest invite) => invite.Username is { } user ? $"u {user}" : $"n {invite.Source.Address} {invite.From}";

    /// <summary>Whether a caller may try one.</summary>
    public bool MayTry(string caller, DateTimeOffset now)
    {
        lock (_lock)
            return !_callers.TryGetValue(KeyOf(caller, now), out var known) || known.Wrong < MaxWrong || now - known.Since >= Window;
    }

    /// <summary>It was wrong.</summary>
    public void OnWrong(string caller, DateTimeOffset now)
    {
        lock (_lock)
        {
            var key = KeyOf(caller, now);
            var known = _callers.GetValueOrDefault(key);
            _callers[key] = known.Wrong == 0 || now - known.Since >= Window ? (1, now) : (known.Wrong + 1, known.Since);
        }
    }

    private string KeyOf(string caller, DateTimeOffset now)
    {
        if (_callers.ContainsKey(caller) || _callers.Count < MaxCallers)
            return caller;
        foreach (var (old, known) in _callers)
        {
            if (now - known.Since >= Window)
                _callers.Remove(old);
        }

        return _callers.Count < MaxCallers ? caller : Others;
    }
}
