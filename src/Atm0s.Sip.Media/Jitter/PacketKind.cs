namespace Atm0s.Sip.Media.Jitter;

/// <summary>What a sequence number stands for.</summary>
internal enum PacketKind : byte
{
    /// <summary>Nothing is waiting: never came, or used up.</summary>
    None,

    /// <summary>A payload for a decoder.</summary>
    Audio,

    /// <summary>A description of the noise that fills the pause from here on (RFC 3389).</summary>
    ComfortNoise,

    /// <summary>No audio: a telephone event, or a payload type that was not agreed on.</summary>
    Filler,
}
