using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Forwarding;

namespace Atm0s.Sip;

/// <summary>Somebody who speaks to a <see cref="VirtualMixer"/>. Any thread. Disposing of it takes it away, and frees its slot.</summary>
public sealed class VirtualSpeaker : IDisposable
{
    private readonly VirtualMixer _mixer;
    private readonly SlotSpeaker _speaker;

    internal VirtualSpeaker(VirtualMixer mixer, SlotSpeaker speaker)
    {
        _mixer = mixer;
        _speaker = speaker;
    }

    /// <summary>Its name.</summary>
    public string Name => _speaker.Name;

    /// <summary>The slot in which it is, from 0; null when it is in none.</summary>
    public int? Slot => _speaker.Slot;

    /// <summary>
    /// Says something. Allocates nothing, and waits for no longer than another frame takes. A frame without a level counts by
    /// <see cref="OpusFrame.HasVoice"/>.
    /// </summary>
    /// <param name="frame">As it comes from <see cref="IOpusRoomSeat.OnFrame"/>, or from elsewhere.</param>
    /// <returns>Whether it went out in a slot.</returns>
    public bool Push(in OpusFrame frame) => _mixer.Push(_speaker, frame);

    /// <inheritdoc/>
    public void Dispose() => _mixer.Remove(_speaker);
}
