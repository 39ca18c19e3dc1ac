using Atm0s.Sip.Hooks;

namespace Atm0s.Sip;

/// <summary>
/// Gets what a <see cref="VirtualMixer"/> gives out. Called one at a time, under the mixer's lock and on the thread of whoever pushed: must
/// not block, allocate or call the mixer.
/// </summary>
public interface IVirtualMixerListener
{
    /// <summary>A slot is another speaker's from now on. Called before the first frame of it.</summary>
    /// <param name="slot">From 0.</param>
    /// <param name="speaker">Whose it is; null: nobody's.</param>
    /// <param name="before">Whose it was; null: nobody's.</param>
    void OnSlotChanged(int slot, string? speaker, string? before);

    /// <summary>The speaker of a slot says something.</summary>
    /// <param name="slot">From 0.</param>
    /// <param name="speaker">Who. Whoever listens leaves out what is his own.</param>
    /// <param name="frame">With sequence number and timestamp of the slot: one stream, whoever speaks. Valid during the call.</param>
    void OnFrame(int slot, string speaker, in OpusFrame frame);
}
