namespace Atm0s.Sip.Calls;

/// <summary>Whether the server takes new calls. Taking them -> draining, and never back. Any thread.</summary>
internal sealed class DrainState
{
    private volatile bool _isOn;

    /// <summary>Whether no new calls are taken: those that are up go on.</summary>
    public bool IsOn => _isOn;

    /// <summary>Takes no new calls from now on. True the first time.</summary>
    public bool Begin()
    {
        var isFirst = !_isOn;
        _isOn = true;
        return isFirst;
    }
}
