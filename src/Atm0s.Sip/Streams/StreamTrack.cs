using Atm0s.Sip.Bots;

namespace Atm0s.Sip.Streams;

/// <summary>One direction of audio on its way to the program: where it comes from, and how far it has been sent.</summary>
/// <param name="name"><c>inbound</c> or <c>outbound</c>.</param>
/// <param name="port">Hears it.</param>
internal sealed class StreamTrack(string name, BotPort port)
{
    private long _sent; // samples

    public string Name => name;

    public BotPort Port => port;

    /// <summary>Messages sent in this connection.</summary>
    public long Chunk { get; private set; }

    /// <summary>Another connection begins: what waited for the last one is let go.</summary>
    public void Restart()
    {
        Span<short> drop = stackalloc short[1024];
        while (port.Hearing.Read(drop) > 0)
        {
            // Old.
        }

        (_sent, Chunk) = (-port.Hearing.Lost, 0);
    }

    /// <summary>Takes the next 20 ms.</summary>
    /// <param name="frame">20 ms.</param>
    /// <param name="timestamp">Where it begins, in milliseconds since the beginning; what was lost before counts.</param>
    public bool TryTake(Span<short> frame, out long timestamp)
    {
        timestamp = 0;
        if (port.Hearing.Count < frame.Length || port.Hearing.Read(frame, whole: true) == 0)
            return false;
        timestamp = (_sent + port.Hearing.Lost) * 1000 / port.Rate;
        _sent += frame.Length;
        Chunk++;
        return true;
    }
}
