namespace Atm0s.Sip.Media.Rtp;

/// <summary>What became of a received datagram.</summary>
public enum RtpArrival
{
    /// <summary>Audio or comfort noise, kept until its time comes.</summary>
    Accepted,

    /// <summary>A telephone-event packet (RFC 4733).</summary>
    Event,

    /// <summary>Not RTP, or lengths that lie (RFC 3550 §A.1), or a payload longer than 1500 bytes.</summary>
    Invalid,

    /// <summary>Of a payload type that was not negotiated.</summary>
    WrongPayloadType,

    /// <summary>Had been received before.</summary>
    Duplicate,

    /// <summary>Its time has passed.</summary>
    TooLate,

    /// <summary>Of another SSRC; the next packet in sequence from it takes over (RFC 3550 §6.2.1, with two packets).</summary>
    NewSource,

    /// <summary>Sequence number or timestamp jumped; the next packet in line with it is followed (RFC 3550 §A.1).</summary>
    Jump,
}
