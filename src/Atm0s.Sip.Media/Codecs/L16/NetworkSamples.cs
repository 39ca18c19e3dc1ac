using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Atm0s.Sip.Media.Codecs.L16;

/// <summary>16-bit samples in network byte order. The swap of the runtime works on whole vectors.</summary>
internal static class NetworkSamples
{
    /// <summary>Writes two bytes for each sample.</summary>
    public static void Write(ReadOnlySpan<short> pcm, Span<byte> octets) => Swap(pcm, MemoryMarshal.Cast<byte, short>(octets));

    /// <summary>Reads a sample from every two bytes.</summary>
    public static void Read(ReadOnlySpan<byte> octets, Span<short> pcm) => Swap(MemoryMarshal.Cast<byte, short>(octets), pcm);

    private static void Swap(ReadOnlySpan<short> source, Span<short> destination)
    {
        if (BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(source, destination);
        else
            source.CopyTo(destination);
    }
}
