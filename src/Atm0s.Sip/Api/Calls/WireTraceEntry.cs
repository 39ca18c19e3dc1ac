using System.Net;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip;

/// <summary>A SIP message of a call as it was on the wire.</summary>
/// <param name="Timestamp">When it was sent or received (UTC).</param>
/// <param name="IsSent">Whether we sent it.</param>
/// <param name="Peer">The other side, for example <c>udp://192.0.2.7:5060</c>.</param>
/// <param name="Message">The message; passwords, digest responses, keys of SRTP and digits are masked. Bytes that are no UTF-8 are
/// replaced.</param>
public sealed record WireTraceEntry(DateTimeOffset Timestamp, bool IsSent, string Peer, string Message)
{
    /// <summary>Transport protocol. Default UDP.</summary>
    public SipTransportProtocol Protocol { get; init; } = SipTransportProtocol.Udp;

    /// <summary>Our address; null when it is not known.</summary>
    public IPEndPoint? Local { get; init; }

    /// <summary>The other side's address; null when it is not known.</summary>
    public IPEndPoint? Remote { get; init; }

    /// <summary>The same message in bytes, masked without a change of its length; empty when only the text is known.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>Bytes that it had on the wire: more than there are here when it was too long to be kept whole.</summary>
    public int Length { get; init; }
}
