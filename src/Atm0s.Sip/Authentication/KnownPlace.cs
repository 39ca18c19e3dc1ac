namespace Atm0s.Sip.Authentication;

/// <summary>
/// What is known of a user at one address: the ports he has shown his password from last, and apart from them the address alone.
/// </summary>
internal sealed class KnownPlace
{
    private const int MaxPorts = 4;
    private const int MaxChecks = 64;

    private readonly (int Port, int Checks)[] _ports = new (int, int)[MaxPorts];
    private bool _isKnown;
    private int _checks;
    private int _next;

    /// <summary>Begins a check; false when nothing is known, or too many are under way.</summary>
    public bool TryEnter(int port)
    {
        foreach (ref var known in _ports.AsSpan())
        {
            if (known.Port == port && known.Checks < MaxChecks)
            {
                known.Checks++;
                return true;
            }
        }

        if (!_isKnown || _checks == MaxChecks)
            return false;
        _checks++;
        return true;
    }

    /// <summary>Ends a check. Which of the two was entered is not known: the port may be known only since then.</summary>
    public void Leave(int port, bool wasWrong)
    {
        _checks = Math.Max(0, _checks - 1);
        _isKnown &= !wasWrong;
        foreach (ref var known in _ports.AsSpan())
        {
            if (known.Port == port)
                known = wasWrong ? default : (port, Math.Max(0, known.Checks - 1));
        }
    }

    /// <summary>He has shown his password; the port that was added longest ago gives way.</summary>
    public void Add(int port)
    {
        _isKnown = true;
        foreach (var known in _ports)
        {
            if (known.Port == port)
                return;
        }

        _ports[_next++ % MaxPorts] = (port, 0);
    }
}
