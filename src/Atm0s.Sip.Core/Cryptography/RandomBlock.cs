using System.Security.Cryptography;

namespace Atm0s.Sip.Core.Cryptography;

/// <summary>
/// Random bytes out of a block of each thread's own, filled from the operating system's generator: a call of that generator costs about
/// 2 us, however few bytes it is asked for. Bytes that were handed out are wiped, so that no later look at the block tells them.
/// </summary>
internal static class RandomBlock
{
    /// <summary>Bytes of a block.</summary>
    internal const int Size = 4096;

    [ThreadStatic]
    private static byte[]? t_block;

    // Bytes that are left, at the beginning of the block. A new thread has none.
    [ThreadStatic]
    private static int t_left;

    /// <summary>Fills a span with random bytes. Any thread.</summary>
    /// <param name="bytes">Gets them.</param>
    internal static void Fill(Span<byte> bytes)
    {
        if (bytes.Length > t_left)
        {
            if (bytes.Length > Size)
            {
                RandomNumberGenerator.Fill(bytes);
                return;
            }

            RandomNumberGenerator.Fill(t_block ??= new byte[Size]);
            t_left = Size;
        }

        var taken = t_block.AsSpan(t_left - bytes.Length, bytes.Length);
        taken.CopyTo(bytes);
        CryptographicOperations.ZeroMemory(taken);
        t_left -= bytes.Length;
    }

    /// <summary>A number from 0 to <paramref name="exclusiveMaximum"/> - 1; its chances are even to one in 2^32.</summary>
    /// <param name="exclusiveMaximum">More than 0.</param>
    internal static uint Next(uint exclusiveMaximum)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        Fill(bytes);
        return (uint)(((ulong)BitConverter.ToUInt32(bytes) * exclusiveMaximum) >> 32);
    }
}
