using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Calls.Dialogs;

/// <summary>
/// Which dialogs have no other way to their phone than one connection, that of a browser (RFC 7118 §5): they are told when it is gone. Any
/// thread.
/// </summary>
internal sealed class ConnectionUsers
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SipFlow, HashSet<CallDialog>> _users = [];

    /// <summary>A dialog depends on a connection from now on.</summary>
    public void Add(SipFlow flow, CallDialog dialog)
    {
        lock (_lock)
        {
            if (!_users.TryGetValue(flow, out var users))
                _users.Add(flow, users = []);
            users.Add(dialog);
        }

        // It may have closed just before.
        if (flow.IsClosed)
            OnFlowClosed(flow);
    }

    /// <summary>It does no more.</summary>
    public void Remove(SipFlow flow, CallDialog dialog)
    {
        lock (_lock)
        {
            if (_users.TryGetValue(flow, out var users) && users.Remove(dialog) && users.Count == 0)
                _users.Remove(flow);
        }
    }

    /// <summary>A connection is gone.</summary>
    public void OnFlowClosed(SipFlow flow)
    {
        HashSet<CallDialog>? users;
        lock (_lock)
            _users.Remove(flow, out users);
        foreach (var dialog in users ?? [])
            dialog.Call.Post(dialog.OnConnectionLost);
    }
}
