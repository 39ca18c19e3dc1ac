using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Forwarding;

namespace Atm0s.Sip.Rooms;

/// <summary>A source as the host has it.</summary>
internal sealed class OpusPortSource(OpusPort port, string name, OpusSource source) : IOpusSource
{
    public string Name => name;

    public long FramesLost => source.Lost;

    public bool Push(in OpusFrame frame) => source.Push(new EncodedFrame
    {
        SequenceNumber = frame.SequenceNumber,
        Timestamp = frame.Timestamp,
        Samples = 0, // is read from the packet
        Level = frame.Level,
        HasVoice = frame.HasVoice,
        Payload = frame.Payload,
    });

    public void Dispose()
    {
        port.Forget(this);
        source.Remove();
    }
}
