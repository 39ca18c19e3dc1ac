namespace Atm0s.Sip.Calls.Incoming;

/// <summary>The place of one call among those of its user, trunk or address. On the call's shard only.</summary>
internal sealed class CallQuota(Action leave) : IDisposable
{
    private bool _hasLeft;

    public void Dispose()
    {
        if (_hasLeft)
            return;
        _hasLeft = true;
        leave();
    }
}
