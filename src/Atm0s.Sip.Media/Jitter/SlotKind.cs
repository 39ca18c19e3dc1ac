namespace Atm0s.Sip.Media.Jitter;

internal enum SlotKind : byte
{
    /// <summary>Nothing, or used up.</summary>
    Empty,

    /// <summary>A payload for the decoder.</summary>
    Audio,

    /// <summary>A sequence number that carries no audio: telephone event, comfort noise.</summary>
    Filler,
}
