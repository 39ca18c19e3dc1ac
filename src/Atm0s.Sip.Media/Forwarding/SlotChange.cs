namespace Atm0s.Sip.Media.Forwarding;

/// <summary>A slot is another speaker's from now on.</summary>
/// <param name="Slot">From 0.</param>
/// <param name="Speaker">Whose it is; null: nobody's.</param>
/// <param name="Before">Whose it was; null: nobody's.</param>
public readonly record struct SlotChange(int Slot, SlotSpeaker? Speaker, SlotSpeaker? Before);
