namespace Atm0s.Sip.Sounds;

/// <summary>What speaks to a phone alone and wants to know what the phone hears of its room beside it. The tick's.</summary>
internal interface IRoomListener
{
    /// <summary>20 ms of the room; silence while phone and room do not hear each other.</summary>
    void HearRoom(ReadOnlySpan<short> frame);
}
