using System.Diagnostics;

namespace Atm0s.Sip.Media.Jitter;

/// <summary>
/// The last 128 sequence numbers and the packets that wait among them. It knows no time. Invariants: a number outside the window
/// (<see cref="Newest"/> - 128, <see cref="Newest"/>] is neither known nor waiting, and a slot holds a payload exactly when audio or
/// comfort noise waits in it. Nothing is counted beside the slots.
/// </summary>
internal sealed class PacketStore
{
    /// <summary>1.28 s of packets of 10 ms: three times the longest delay.</summary>
    public const int Slots = 128;

    /// <summary>Longest payload kept, in bytes.</summary>
    public const int MaxPayload = 1500;

    // From the first packet on: a call that never speaks keeps nothing.
    private Slot[] _slots = [];
    private readonly PayloadPool _pool = new();

    /// <summary>Highest sequence number since <see cref="Clear"/>, or -1.</summary>
    public long Newest { get; private set; } = -1;

    /// <summary>Whether a packet of this number was put here, used up or not.</summary>
    public bool Knows(long sequence) => sequence >= 0 && _slots.Length > 0 && _slots[Index(sequence)].Sequence == sequence;

    /// <summary>Puts a packet in and moves the window up to it when it is the newest.</summary>
    /// <param name="sequence">Extended sequence number.</param>
    /// <param name="timestamp">Extended timestamp.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="format">Index of its format.</param>
    /// <param name="payload">At most <see cref="MaxPayload"/> bytes; copied. Not kept of fillers.</param>
    /// <param name="arrival">When it came.</param>
    /// <param name="lost">Packets of audio that the window left behind.</param>
    /// <returns>False when the number is known already or lies below the window; nothing has changed then.</returns>
    public bool TryPut(
        long sequence, long timestamp, PacketKind kind, byte format, ReadOnlySpan<byte> payload, TimeSpan arrival, out int lost)
    {
        lost = 0;
        if (sequence < 0 || Knows(sequence) || (Newest >= 0 && sequence <= Newest - Slots))
            return false;
        if (_slots.Length == 0)
            Begin();
        lost = MoveTo(sequence);
        ref var slot = ref _slots[Index(sequence)];
        Debug.Assert(slot.Kind == PacketKind.None && slot.Block is null, "The window has left this slot.");
        slot.Sequence = sequence;
        slot.Timestamp = timestamp;
        slot.Kind = kind;
        slot.Format = format;
        slot.Arrival = arrival;
        slot.Length = kind == PacketKind.Filler ? 0 : payload.Length;
        if (kind == PacketKind.Filler)
            return true;
        slot.Block = _pool.Rent(payload.Length);
        payload.CopyTo(slot.Block);
        return true;
    }

    /// <summary>Finds the first packet that waits at or behind this number.</summary>
    public bool TryPeek(long from, out StoredPacket packet)
    {
        for (var sequence = Math.Max(from, Math.Max(0, Newest - Slots + 1)); sequence <= Newest; sequence++)
        {
            ref var slot = ref _slots[Index(sequence)];
            if (slot.Sequence != sequence || slot.Kind == PacketKind.None)
                continue;
            packet = new StoredPacket
            {
                Sequence = sequence,
                Timestamp = slot.Timestamp,
                Kind = slot.Kind,
                Format = slot.Format,
                Arrival = slot.Arrival,
                Payload = slot.Block.AsSpan(0, slot.Length),
            };
            return true;
        }

        packet = default;
        return false;
    }

    /// <summary>Marks a packet as used up. Its number stays known.</summary>
    public void Take(long sequence)
    {
        if (Knows(sequence))
            Free(ref _slots[Index(sequence)]);
    }

    /// <summary>Marks a packet as used up, and gives its memory away until <see cref="Return"/>.</summary>
    /// <param name="sequence">Of a packet that waits, with a payload.</param>
    public byte[] TakeAway(long sequence)
    {
        ref var slot = ref _slots[Index(sequence)];
        Debug.Assert(slot.Sequence == sequence && slot.Block is not null, "It waits.");
        var block = slot.Block;
        slot.Block = null;
        Free(ref slot);
        return block;
    }

    /// <summary>Takes memory back.</summary>
    public void Return(byte[] block) => _pool.Return(block);

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        foreach (ref var slot in _slots.AsSpan())
        {
            Free(ref slot);
            slot.Sequence = -1;
        }

        Newest = -1;
    }

    private void Begin()
    {
        _slots = new Slot[Slots];
        Clear();
    }

    private static int Index(long sequence) => (int)(sequence & (Slots - 1));

    private int MoveTo(long sequence)
    {
        var lost = 0;
        for (var next = Math.Max(Newest + 1, sequence - Slots + 1); next <= sequence; next++)
        {
            ref var slot = ref _slots[Index(next)];
            if (slot.Kind == PacketKind.Audio)
                lost++;
            Free(ref slot);
            slot.Sequence = -1;
        }

        Newest = Math.Max(Newest, sequence);
        return lost;
    }

    private void Free(ref Slot slot)
    {
        if (slot.Block is not null)
            _pool.Return(slot.Block);
        slot.Block = null;
        slot.Kind = PacketKind.None;
    }

    private struct Slot
    {
        public long Sequence;
        public long Timestamp;
        public TimeSpan Arrival;
        public byte[]? Block;
        public int Length;
        public byte Format;
        public PacketKind Kind;
    }
}
