using Atm0s.Sip.Hooks;

namespace OwnRooms;

/// <summary>A seat that hears, and says it again a second later.</summary>
internal sealed class EchoSeat(IRoomParticipant participant) : IRoomSeat
{
    private readonly short[] _second = new short[16_000];
    private int _at;

    public int SampleRate => 16_000;

    public void OnConnected() => Console.WriteLine($"{participant.Id} is connected");

    // Both on the media thread, every 20 ms, first Read or first Write: the ring is read where it is written next.
    public bool Read(Span<short> frame)
    {
        _second.AsSpan(_at, frame.Length).CopyTo(frame);
        return true;
    }

    public void Write(ReadOnlySpan<short> frame)
    {
        frame.CopyTo(_second.AsSpan(_at));
        _at = (_at + frame.Length) % _second.Length;
    }

    public ValueTask DisposeAsync()
    {
        Console.WriteLine($"{participant.Id} has left");
        return ValueTask.CompletedTask;
    }
}
