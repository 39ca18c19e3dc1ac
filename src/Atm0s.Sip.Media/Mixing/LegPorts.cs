using Atm0s.Sip.Media.Net;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>The two sockets of a leg. Given back once, by whichever thread is first.</summary>
internal sealed class LegPorts(MediaPortPair pair, MediaPortPool pool, Action released)
{
    private volatile bool _confirmed;
    private int _released;

    public IMediaSocket Rtp => pair.Rtp;

    public IMediaSocket Rtcp => pair.Rtcp;

    /// <summary>What the call before heard on these ports, while that may still come.</summary>
    public HeardStream Earlier => pair.Earlier;

    /// <summary>What is heard now; media thread only.</summary>
    public HeardStream Heard { get; set; }

    /// <summary>
    /// Whether the peer has agreed to the call: then it gets audio at the address of its SDP without having sent any. Any thread.
    /// </summary>
    public bool IsConfirmed => _confirmed;

    public void Confirm() => _confirmed = true;

    public void Release()
    {
        if (Interlocked.Exchange(ref _released, 1) != 0)
            return;
        pair.Rtp.Dispose();
        pair.Rtcp.Dispose();
        pool.Return(pair.Rtp.LocalEndPoint.Port, Heard);
        released();
    }
}
