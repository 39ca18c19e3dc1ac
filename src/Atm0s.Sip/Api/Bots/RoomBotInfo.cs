namespace Atm0s.Sip;

/// <summary>A program in a room, as it is now.</summary>
/// <param name="Id">Its name in the room.</param>
/// <param name="RoomId">The room.</param>
/// <param name="SampleRate">Rate of its audio, in Hz.</param>
/// <param name="Attributes">The host's own words about it.</param>
/// <param name="IsMuted">Whether the room does not hear it.</param>
/// <param name="Gain">How much louder the room hears it, in dB.</param>
public sealed record RoomBotInfo(
    string Id, string RoomId, int SampleRate, IReadOnlyDictionary<string, string> Attributes, bool IsMuted, double Gain);
