using Atm0s.Sip.Media.Net;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>The two sockets of a leg. Given back once.</summary>
internal sealed class LegPorts(IMediaSocket rtp, IMediaSocket rtcp, MediaPortPool pool, Action released)
{
    private int _released;

    public IMediaSocket Rtp => rtp;

    public IMediaSocket Rtcp => rtcp;

    public void Release()
    {
        if (Interlocked.Exchange(ref _released, 1) != 0) return;
        rtp.Dispose();
        rtcp.Dispose();
        pool.Return(rtp.LocalEndPoint.Port);
        released();
    }
}
