using System.Diagnostics;

namespace Atm0s.Sip.Media.Jitter;

/// <summary>
/// Memory for the payloads that wait. It grows with the longest backlog and the longest payload seen, and gives the block used last, so
/// that a steady stream goes round in a few of them. No array is longer than <see cref="PacketStore.MaxPayload"/> rounded up.
/// </summary>
internal sealed class PayloadPool
{
    private const int MinBlock = 256;
    private const int Reserve = 8;
    private const int MaxAway = OriginalPackets.MaxPackets; // of one time line at a time

    private byte[][] _free = [];
    private int _count;

    public byte[] Rent(int length)
    {
        if (_free.Length == 0)
            Begin();
        if (_count > 0 && _free[--_count] is var block && block.Length >= length)
            return block;
        return new byte[Math.Max(MinBlock, (length + MinBlock - 1) / MinBlock * MinBlock)];
    }

    public void Return(byte[] block)
    {
        Debug.Assert(_count < _free.Length, "Each slot holds one block at most, and few are elsewhere.");
        if (_count < _free.Length)
            _free[_count++] = block;
    }

    // With the first packet: a call that never speaks keeps nothing.
    private void Begin()
    {
        _free = new byte[PacketStore.Slots + MaxAway][];
        for (; _count < Reserve; _count++)
            _free[_count] = new byte[MinBlock];
    }
}
