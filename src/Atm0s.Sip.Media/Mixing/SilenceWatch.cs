namespace Atm0s.Sip.Media.Mixing;

/// <summary>Finds out when nothing has come for too long. No clock of its own; media thread only.</summary>
/// <param name="timeout">How long is too long; zero or less: nothing is.</param>
internal sealed class SilenceWatch(TimeSpan timeout)
{
    private TimeSpan _last;
    private bool _isOver; // and was told

    /// <summary>The peer lives, or need not tell that it does: the time counts from here.</summary>
    public void OnSign(TimeSpan now)
    {
        _last = now;
        _isOver = false;
    }

    /// <summary>Whether it has just become too long; true once per silence.</summary>
    public bool HasRunOut(TimeSpan now)
    {
        if (_isOver || timeout <= TimeSpan.Zero || now - _last < timeout)
            return false;
        _isOver = true;
        return true;
    }
}
