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
    public int AudioCount
    {
        get
        {
            var count = 0;
            foreach (var kind in _kinds)
                count += kind == SlotKind.Audio ? 1 : 0;
            return count;
        }
    }

    /// <summary>Position of the newest audio waiting; <see cref="long.MinValue"/> when none waits.</summary>
    public long NewestPosition
    {
        get
        {
            var newest = long.MinValue;
            for (var i = 0; i < Slots; i++)
            {
                if (_kinds[i] == SlotKind.Audio)
                    newest = Math.Max(newest, _positions[i]);
            }

            return newest;
        }
    }

    /// <summary>Highest sequence number since <see cref="Clear"/>, or -1.</summary>
    public long NewestSequence { get; private set; }

    /// <summary>Whether this number was put here, used up or not.</summary>
    public bool Knows(long sequence) => sequence >= 0 && _sequences[Index(sequence)] == sequence;

    public SlotKind KindOf(long sequence) => Knows(sequence) ? _kinds[Index(sequence)] : SlotKind.Empty;

    public long PositionOf(long sequence) => _positions[Index(sequence)];

    public ReadOnlySpan<byte> PayloadOf(long sequence) =>
        _bytes.AsSpan(Index(sequence) * MaxPayload, _lengths[Index(sequence)]);

    /// <summary>Puts a packet in; what lies 64 or more numbers behind the newest one goes.</summary>
    /// <returns>How much audio was lost: pushed out, or this packet when it is that old itself.</returns>
    public int Put(long sequence, long position, SlotKind kind, ReadOnlySpan<byte> payload)
    {
        if (NewestSequence >= 0 && sequence <= NewestSequence - Slots)
            return kind == SlotKind.Audio ? 1 : 0;
        var pushed = MoveTo(sequence);
        var i = Index(sequence);
        _sequences[i] = sequence;
        _positions[i] = position;
        _kinds[i] = kind;
        _lengths[i] = kind == SlotKind.Audio ? payload.Length : 0;
        if (kind == SlotKind.Audio)
            payload.CopyTo(_bytes.AsSpan(i * MaxPayload, MaxPayload));
        return pushed;
    }

    /// <summary>Marks a packet as used up.</summary>
    public void Release(long sequence)
    {
        if (Knows(sequence))
            _kinds[Index(sequence)] = SlotKind.Empty;
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
        NewestSequence = -1;
    }

    /// <summary>Moves the window up to this number and clears the slots that it leaves behind.</summary>
    private int MoveTo(long sequence)
    {
        var pushed = 0;
        for (var next = Math.Max(NewestSequence + 1, sequence - Slots + 1); next <= sequence; next++)
        {
            var i = Index(next);
            if (_kinds[i] == SlotKind.Audio)
                pushed++;
            _kinds[i] = SlotKind.Empty;
            _sequences[i] = -1;
        }

        NewestSequence = Math.Max(NewestSequence, sequence);
        return pushed;
    }

    private static int Index(long sequence) => (int)(sequence & (Slots - 1));
}
