using Atm0s.Sip.Media.Codecs.Opus;

namespace Atm0s.Sip.Media.Jitter;

/// <summary>The packets that were decoded for a frame, as they came: so that they can go on as they are. Media thread only.</summary>
internal sealed class PlayedPackets
{
    private const int MaxPackets = 16;
    private const int MaxBytes = 4096;

    private readonly (long Sequence, long Timestamp, int Start, int Length)[] _packets =
        new (long Sequence, long Timestamp, int Start, int Length)[MaxPackets];

    private readonly byte[] _bytes = new byte[MaxBytes];
    private int _end;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>One of them.</summary>
    /// <param name="index">0 is the first one.</param>
    /// <param name="sequence">Its number, extended.</param>
    /// <param name="timestamp">Its timestamp, extended.</param>
    /// <returns>Its payload.</returns>
    public ReadOnlySpan<byte> Get(int index, out long sequence, out long timestamp)
    {
        (sequence, timestamp, var start, var length) = _packets[index];
        return _bytes.AsSpan(start, length);
    }

    /// <summary>Whether all of them are of this length.</summary>
    /// <param name="samples">At 48 kHz.</param>
    public bool AreAll(int samples)
    {
        for (var i = 0; i < Count; i++)
        {
            if (!OpusPacket.TryParse(Get(i, out _, out _), out var packet) || packet.Samples != samples)
                return false;
        }

        return true;
    }

    /// <summary>Keeps one; what there is no room for is missing, as if it were lost.</summary>
    public void Add(long sequence, long timestamp, ReadOnlySpan<byte> payload)
    {
        if (Count == MaxPackets || _end + payload.Length > MaxBytes)
            return;
        payload.CopyTo(_bytes.AsSpan(_end));
        _packets[Count++] = (sequence, timestamp, _end, payload.Length);
        _end += payload.Length;
    }

    /// <summary>Begins a frame.</summary>
    public void Clear() => Count = _end = 0;
}
