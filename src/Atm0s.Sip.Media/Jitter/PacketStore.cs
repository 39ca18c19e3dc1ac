namespace Atm0s.Sip.Media.Jitter;

/// <summary>The last 64 sequence numbers with their payloads, in memory allocated once.</summary>
internal sealed class PacketStore
{
    public const int Slots = 64;
    public const int MaxPayload = 1500;

    private readonly byte[] _bytes = new byte[Slots * MaxPayload];
    private readonly long[] _sequences = new long[Slots];
    private readonly long[] _positions = new long[Slots];
    private readonly int[] _lengths = new int[Slots];
    private readonly SlotKind[] _kinds = new SlotKind[Slots];

    public PacketStore() => Clear();

    /// <summary>Payloads of audio waiting.</summary>
    public int AudioCount { get; private set; }

    /// <summary>Position of the newest audio since <see cref="Clear"/>.</summary>
    public long NewestPosition { get; private set; }

    /// <summary>Highest sequence number since <see cref="Clear"/>, or -1.</summary>
    public long NewestSequence { get; private set; }

    /// <summary>Whether this number was put here, used up or not.</summary>
    public bool Knows(long sequence) => _sequences[Index(sequence)] == sequence;

    public SlotKind KindOf(long sequence) => Knows(sequence) ? _kinds[Index(sequence)] : SlotKind.Empty;

    public long PositionOf(long sequence) => _positions[Index(sequence)];

    public ReadOnlySpan<byte> PayloadOf(long sequence) =>
        _bytes.AsSpan(Index(sequence) * MaxPayload, _lengths[Index(sequence)]);

    /// <summary>Puts a packet in; what held the slot, 64 or more numbers older, goes.</summary>
    /// <returns>Whether audio was pushed out.</returns>
    public bool Put(long sequence, long position, SlotKind kind, ReadOnlySpan<byte> payload)
    {
        var i = Index(sequence);
        var pushed = _kinds[i] == SlotKind.Audio;
        if (pushed) AudioCount--;
        _sequences[i] = sequence;
        _positions[i] = position;
        _kinds[i] = kind;
        _lengths[i] = kind == SlotKind.Audio ? payload.Length : 0;
        if (kind == SlotKind.Audio)
        {
            payload.CopyTo(_bytes.AsSpan(i * MaxPayload, MaxPayload));
            AudioCount++;
            if (NewestPosition == long.MinValue || position > NewestPosition) NewestPosition = position;
        }

        if (sequence > NewestSequence) NewestSequence = sequence;
        return pushed;
    }

    /// <summary>Marks a packet as used up.</summary>
    public void Release(long sequence)
    {
        if (KindOf(sequence) == SlotKind.Audio) AudioCount--;
        if (Knows(sequence)) _kinds[Index(sequence)] = SlotKind.Empty;
    }

    /// <summary>The first waiting packet from this number on, or -1.</summary>
    public long FirstFrom(long sequence)
    {
        sequence = Math.Max(sequence, NewestSequence - Slots + 1);
        for (; sequence <= NewestSequence; sequence++)
            if (KindOf(sequence) != SlotKind.Empty)
                return sequence;
        return -1;
    }

    public void Clear()
    {
        _sequences.AsSpan().Fill(-1);
        _kinds.AsSpan().Clear();
        AudioCount = 0;
        NewestPosition = long.MinValue;
        NewestSequence = -1;
    }

    private static int Index(long sequence) => (int)(sequence & (Slots - 1));
}
