using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Atm0s.Sip.Core.Cryptography;

/// <summary>
/// SipHash-2-4 (Aumasson, Bernstein: "SipHash: a fast short-input PRF"), with 64 and with 128 bits of output. Keyed: who does not know the
/// key foresees no value and finds no two inputs of one value, so it serves as MAC and for tables that strangers fill.
/// </summary>
internal static class SipHash
{
    /// <summary>The value of 64 bits.</summary>
    internal static ulong Hash64(SipHashKey key, ReadOnlySpan<byte> data)
    {
        var state = new State(key);
        state.Absorb(data);
        state.V2 ^= 0xFF;
        return state.Squeeze();
    }

    /// <summary>The value of 128 bits: its low half comes first on the wire, each half little endian.</summary>
    internal static UInt128 Hash128(SipHashKey key, ReadOnlySpan<byte> data)
    {
        var state = new State(key);
        state.V1 ^= 0xEE;
        state.Absorb(data);
        state.V2 ^= 0xEE;
        var low = state.Squeeze();
        state.V1 ^= 0xDD;
        return new UInt128(state.Squeeze(), low);
    }

    private struct State(SipHashKey key)
    {
        internal ulong V0 = key.Low ^ 0x736F6D6570736575;
        internal ulong V1 = key.High ^ 0x646F72616E646F6D;
        internal ulong V2 = key.Low ^ 0x6C7967656E657261;
        internal ulong V3 = key.High ^ 0x7465646279746573;

        internal void Absorb(ReadOnlySpan<byte> data)
        {
            // The last word holds what is left of the data, and its length modulo 256 in the top byte.
            var last = (ulong)data.Length << 56;
            for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
                Compress(BinaryPrimitives.ReadUInt64LittleEndian(data));
            for (var i = 0; i < data.Length; i++)
                last |= (ulong)data[i] << (8 * i);
            Compress(last);
        }

        internal ulong Squeeze()
        {
            Round();
            Round();
            Round();
            Round();
            return V0 ^ V1 ^ V2 ^ V3;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Compress(ulong word)
        {
            V3 ^= word;
            Round();
            Round();
            V0 ^= word;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Round()
        {
            V0 += V1;
            V1 = BitOperations.RotateLeft(V1, 13) ^ V0;
            V0 = BitOperations.RotateLeft(V0, 32);
            V2 += V3;
            V3 = BitOperations.RotateLeft(V3, 16) ^ V2;
            V0 += V3;
            V3 = BitOperations.RotateLeft(V3, 21) ^ V0;
            V2 += V1;
            V1 = BitOperations.RotateLeft(V1, 17) ^ V2;
            V2 = BitOperations.RotateLeft(V2, 32);
        }
    }
}
