using System.Collections.Concurrent;
using Atm0s.Sip.Hooks;

namespace SfuRooms;

/// <summary>A phone in a room: what it says goes to all others, and each of the others is a source that it hears.</summary>
internal sealed class PhoneMember(Sfu sfu, IRoomParticipant participant) : IOpusRoomSeat, ISfuMember
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, IOpusSource> _sources = [];
    private IOpusAudio? _audio;
    private SfuRoom? _room;

    public string Name => participant.Id;

    public bool IsConnected => _audio is not null;

    public OpusSeatOptions Options { get; } = new() { MaxSources = Sfu.MaxMembers };

    public void OnConnected(IOpusAudio audio)
    {
        lock (_lock)
            _audio = audio;
        _room = sfu.Room(participant.RoomId);
        sfu.OnConnected(participant.RoomId);
    }

    // Whatever the phone speaks: its own packets when that is Opus.
    public bool OnFrame(in OpusFrame frame)
    {
        _room?.Forward(this, frame);
        return true;
    }

    public void Hear(string speaker, in OpusFrame frame)
    {
        if (_sources.TryGetValue(speaker, out var source))
            source.Push(frame);
    }

    public void OthersChanged(IReadOnlyList<ISfuMember> others)
    {
        participant.OthersChanged(others.Count, others.Count(o => o.IsConnected));
        lock (_lock)
        {
            if (_audio is null)
                return;
            foreach (var gone in _sources.Keys.Except(others.Select(o => o.Name)))
            {
                if (_sources.TryRemove(gone, out var source))
                    source.Dispose();
            }

            foreach (var name in others.Select(o => o.Name).Except(_sources.Keys))
            {
                if (_audio.AddSource(name) is { } source)
                    _sources[name] = source;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        sfu.Leave(participant.RoomId, this);
        return ValueTask.CompletedTask;
    }
}
