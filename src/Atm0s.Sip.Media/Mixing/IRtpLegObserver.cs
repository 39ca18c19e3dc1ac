using System.Net;
using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.Media.Dtmf;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>Told what happens on a leg, on its media thread: must only post. An exception is logged.</summary>
public interface IRtpLegObserver
{
    /// <summary>The leg listens to this source from now on: its first one, or a new one after a silence.</summary>
    /// <param name="source">Where media comes from, and goes to.</param>
    void OnLatched(IPEndPoint source);

    /// <summary>
    /// No packet came for <see cref="MediaEngineOptions.LegTimeout"/>, neither RTP nor RTCP; told once per silence. Not counted while the
    /// leg
    /// is on hold or does not receive; counted from the resume on.
    /// </summary>
    void OnMediaTimeout();

    /// <summary>A key was pressed and released.</summary>
    /// <param name="e">The key.</param>
    void OnDtmf(DtmfEvent e);

    /// <summary>
    /// The peer begins to talk, or has ended: told within 60 ms of the first loud frame, and 0.4 s after the last one. Also when the room
    /// does not hear it, since it is muted or others are louder.
    /// </summary>
    /// <param name="talks">Whether it begins.</param>
    void OnTalking(bool talks)
    {
    }

    /// <summary>The leg has failed inside and is closed: nothing is sent or received any more, its ports are free. Told once.</summary>
    void OnFailed()
    {
    }
    /// <summary>
    /// Nothing can be heard or said any more, or ever: the handshake for the keys failed, or the peer is gone. The leg stays, silent, until
    /// it is closed. Told once.
    /// </summary>
    /// <param name="failure">Why.</param>
    void OnMediaFailed(MediaFailure failure)
    {
    }
}
