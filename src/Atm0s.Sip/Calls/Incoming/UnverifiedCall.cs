using System.Net;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Calls.Incoming;

/// <summary>The place of one call among those of its source. On the call's shard only.</summary>
internal sealed class UnverifiedCall(IPAddress source, SourceLimiter calls, SourceLimiter unconfirmed) : IDisposable
{
    private bool _isConfirmed;
    private bool _hasLeft;

    /// <summary>The ACK has come: the caller hears us.</summary>
    public void Confirm()
    {
        if (_isConfirmed)
            return;
        _isConfirmed = true;
        unconfirmed.Leave(source);
    }

    public void Dispose()
    {
        if (_hasLeft)
            return;
        _hasLeft = true;
        Confirm();
        calls.Leave(source);
    }
}
