using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Calls.Audio;

/// <summary>Who a call's audio is for: where the signalling comes from, and which addresses may be named there.</summary>
internal sealed class AudioPeer(CallAudioFactory factory, SipFlow flow)
{
    /// <summary>The way that the signalling takes; another when the phone has moved.</summary>
    public SipFlow Flow { get; set; } = flow;

    /// <summary>Where the signalling comes from.</summary>
    public IPEndPoint Signalling => Flow.RemoteEndPoint;

    /// <summary>Whether the signalling comes from a proxy: then its address says nothing of where the phone is.</summary>
    public bool IsBehindProxy { get; set; }

    /// <summary>Family of our socket; null while there is none, so that it can be opened in the family of the offer.</summary>
    public AddressFamily? Family { get; set; }

    /// <summary>Whether audio may go to an address.</summary>
    public NegotiationFailure Check(IPEndPoint remote)
    {
        var isReachable = Family is { } bound ? remote.AddressFamily == bound : factory.LocalAddress(Flow, remote) is not null;
        return isReachable ? factory.Addresses.Check(remote, Signalling) : NegotiationFailure.UnreachableFamily;
    }
}
