using Atm0s.Sip;
using Atm0s.Sip.Hooks;

namespace VirtualMixing;

/// <summary>A phone: it speaks to the mixer of its room, and hears the slots.</summary>
internal sealed class MixedSeat(MixedRooms rooms, MixedRoom room, IRoomParticipant participant) : IOpusRoomSeat
{
    private readonly ushort[] _leftOut = new ushort[3];
    private IOpusSource?[] _slots = [];
    private VirtualSpeaker? _speaker;

    public string RoomId => participant.RoomId;

    public bool IsConnected => _speaker is not null;

    public OpusSeatOptions Options { get; } = new() { MaxSources = 3, MaxSpeakers = 3 };

    // Two phones may have one name; two calls have not.
    private string Name => participant.Call.CallId;

    public void OnConnected(IOpusAudio audio)
    {
        _speaker = room.Mixer.AddSpeaker(Name);
        Volatile.Write(ref _slots, [audio.AddSource("slot 0"), audio.AddSource("slot 1"), audio.AddSource("slot 2")]);
        rooms.Connected(room);
    }

    public bool OnFrame(in OpusFrame frame)
    {
        _speaker?.Push(frame);
        return true;
    }

    // One at a time. Nobody hears himself: what is left out is no loss, so the numbers close up.
    public void Hear(int slot, string speaker, in OpusFrame frame)
    {
        var slots = Volatile.Read(ref _slots);
        if (slots.Length == 0)
            return;
        if (speaker == Name)
            _leftOut[slot]++;
        else
            slots[slot]?.Push(Numbered(frame, (ushort)(frame.SequenceNumber - _leftOut[slot])));
    }

    public void Tell(int others, int connected) => participant.OthersChanged(others, connected);

    public ValueTask DisposeAsync()
    {
        _speaker?.Dispose();
        rooms.Leave(room, this);
        return ValueTask.CompletedTask;
    }

    private static OpusFrame Numbered(scoped in OpusFrame frame, ushort number) => new()
    {
        SequenceNumber = number,
        Timestamp = frame.Timestamp,
        Level = frame.Level,
        HasVoice = frame.HasVoice,
        Payload = frame.Payload,
    };
}
