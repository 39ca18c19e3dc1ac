using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Atm0s.Sip.Calls.Records;

/// <summary>
/// Says of most Call-IDs at once that nobody asks for them: one that is asked for is counted in the place that a few of its letters lead to,
/// and where nothing is counted nothing is looked up. Any thread.
/// </summary>
internal sealed class CallIdMarks
{
    private const int Places = 16_384;

    private readonly int[] _counts = new int[Places];

    /// <summary>Whether it may be asked for; never false when it is.</summary>
    public bool MayContain(ReadOnlySpan<char> callId) => Volatile.Read(ref _counts[PlaceOf(callId)]) > 0;

    /// <summary>One is asked for.</summary>
    public void Add(ReadOnlySpan<char> callId) => Interlocked.Increment(ref _counts[PlaceOf(callId)]);

    /// <summary>One is not asked for any more.</summary>
    public void Remove(ReadOnlySpan<char> callId) => Interlocked.Decrement(ref _counts[PlaceOf(callId)]);

    // Most phones write random digits first and their address behind them, some the other way round.
    private static int PlaceOf(ReadOnlySpan<char> callId)
    {
        var bytes = MemoryMarshal.AsBytes(callId);
        var hash = (ulong)bytes.Length;
        if (bytes.Length < sizeof(ulong))
        {
            foreach (var one in bytes)
                hash = (hash * 31) + one;
            return Place(hash);
        }

        hash ^= BinaryPrimitives.ReadUInt64LittleEndian(bytes) * 0xC2B2_AE3D_27D4_EB4F;
        hash ^= BinaryPrimitives.ReadUInt64LittleEndian(bytes[((bytes.Length - sizeof(ulong)) / 2)..]) * 0x1656_67B1_9E37_79F9;
        hash ^= BinaryPrimitives.ReadUInt64LittleEndian(bytes[^sizeof(ulong)..]);
        return Place(hash);

        static int Place(ulong hash) => (int)((hash * 0x9E37_79B9_7F4A_7C15) >> 50);
    }
}
