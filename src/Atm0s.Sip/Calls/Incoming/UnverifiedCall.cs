using System.Net;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Calls.Incoming;

/// <summary>The place of one call among those of its source. On the call's shard only.</summary>
/// <param name="source">The source.</param>
/// <param name="calls">Counts the calls of each source; null where somebody vouches for it.</param>
/// <param name="unconfirmed">Counts those that have no ACK yet.</param>
internal sealed class UnverifiedCall(IPAddress source, SourceLimiter? calls, SourceLimiter unconfirmed) : IDisposable
{
    private bool _isCounted = true;
    private bool _hasLeft;

    /// <summary>Whether somebody vouches for its address.</summary>
    public bool IsVouchedFor => calls is null;

    /// <summary>
    /// Whether an address is that of who vouches for it, or of his network: audio may go there before he is heard of, for the one whom a
    /// forged call would trouble is himself.
    /// </summary>
    public Func<IPAddress, bool> IsOfSender { get; init; } = static _ => false;

    /// <summary>Whether the caller has been heard of since his INVITE, by what only he can know who hears us.</summary>
    public bool IsProven { get; private set; }

    /// <summary>The ACK has come: the caller hears us.</summary>
    public void Confirm()
    {
        IsProven = true;
        LeaveUnconfirmed();
    }

    public void Dispose()
    {
        if (_hasLeft)
            return;
        _hasLeft = true;
        LeaveUnconfirmed();
        calls?.Leave(source);
    }

    private void LeaveUnconfirmed()
    {
        if (!_isCounted)
            return;
        _isCounted = false;
        unconfirmed.Leave(source);
    }
}
