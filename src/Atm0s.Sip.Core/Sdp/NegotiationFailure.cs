namespace Atm0s.Sip.Core.Sdp;

/// <summary>Why offer and answer come to nothing.</summary>
public enum NegotiationFailure : byte
{
    /// <summary>They do not fail.</summary>
    None,

    /// <summary>No audio stream, or all are refused.</summary>
    NoAudio,

    /// <summary>Audio only over a transport profile that we do not have, or that is not wanted here, such as RTP/SAVP.</summary>
    UnsupportedProfile,

    /// <summary>No codec that both have.</summary>
    NoCommonCodec,

    /// <summary>The address is multicast, broadcast or none of the peer's, or the port is a system port: nothing is sent there.</summary>
    BadAddress,

    /// <summary>The address is of a family that we have no address of.</summary>
    UnreachableFamily,

    /// <summary>The answer does not fit the offer.</summary>
    BadAnswer,

    /// <summary>Another offer waits for its answer (RFC 3264 §4): 491 when it is ours, 500 when it is theirs (RFC 3261 §14.2).</summary>
    OfferPending,

    /// <summary>Encryption is wanted here, and the other side's stream has none.</summary>
    EncryptionRequired,

    /// <summary>The stream was protected until now, and would not be any more.</summary>
    EncryptionLost,

    /// <summary>Keys in a description whose way here is not encrypted (RFC 4568 §8.3).</summary>
    KeysInTheClear,

    /// <summary>A secure profile, but no line <c>a=crypto</c> or <c>a=fingerprint</c> that can be used here.</summary>
    NoCommonKeys,
}
