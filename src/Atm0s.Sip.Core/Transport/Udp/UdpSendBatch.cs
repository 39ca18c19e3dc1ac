using Atm0s.Sip.Core.Runtime;

namespace Atm0s.Sip.Core.Transport.Udp;

/// <summary>
/// Messages of one turn, sent at its end with as few calls as possible and in their order. One that fails loses no other. On the receiving
/// thread only.
/// </summary>
/// <param name="socket">Sends them.</param>
/// <param name="onFailed">Told of each that could not be sent.</param>
internal sealed class UdpSendBatch(UdpSocket socket, Action<UdpSipFlow, int> onFailed) : ITurnOutput
{
    /// <summary>Messages that are collected at most.</summary>
    public const int Capacity = 64;

    /// <summary>Longest message that is collected: several times what a response without SDP needs.</summary>
    public const int SlotLength = 4096;

    /// <summary>Longest struct sockaddr: that of IPv6.</summary>
    public const int NameLength = 28;

    private readonly byte[] _data = GC.AllocateUninitializedArray<byte>(Capacity * SlotLength, pinned: true);
    private readonly byte[] _names = GC.AllocateUninitializedArray<byte>(Capacity * NameLength, pinned: true);
    private readonly int[] _lengths = new int[Capacity];
    private readonly UdpSipFlow?[] _flows = new UdpSipFlow?[Capacity];

    /// <summary>Messages that wait.</summary>
    public int Count { get; private set; }

    /// <summary>Puts a message behind the others.</summary>
    /// <returns>False when it is too long.</returns>
    public bool TryAdd(UdpSipFlow flow, ReadOnlySpan<byte> message)
    {
        if (message.Length > SlotLength || flow.Address.Size > NameLength)
            return false;
        if (Count == Capacity)
            Flush();
        if (Count == 0)
            ShardTurn.Current?.FlushAtEnd(this);
        message.CopyTo(_data.AsSpan(Count * SlotLength));
        flow.Address.Buffer.Span[..flow.Address.Size].CopyTo(_names.AsSpan(Count * NameLength));
        _lengths[Count] = message.Length;
        _flows[Count++] = flow;
        return true;
    }

    /// <summary>Bytes of a message; they do not move.</summary>
    public Span<byte> Message(int index) => _data.AsSpan(index * SlotLength, _lengths[index]);

    /// <summary>Where it goes (struct sockaddr); the bytes do not move.</summary>
    public Span<byte> Name(int index) => _names.AsSpan(index * NameLength, _flows[index]!.Address.Size);

    /// <summary>The way it goes.</summary>
    public UdpSipFlow Flow(int index) => _flows[index]!;

    /// <inheritdoc/>
    public void Flush()
    {
        var sent = 0;
        try
        {
            while (sent < Count)
            {
                sent += socket.Send(this, sent, out var error);
                if (error != 0 && sent < Count)
                    onFailed(_flows[sent++]!, error);
            }
        }
        finally
        {
            Array.Clear(_flows, 0, Count);
            Count = 0;
        }
    }
}
