namespace Atm0s.Sip.Calls.Records;

/// <summary>A piece of <see cref="TraceMemory"/>.</summary>
/// <param name="slab">Where it is.</param>
/// <param name="offset">From where on.</param>
/// <param name="isShared">Whether it is used again after it was given back.</param>
internal sealed class TraceBlock(byte[] slab, int offset, bool isShared)
{
    public const int Size = 1024;

    public bool IsShared => isShared;

    /// <summary>The block after it, or null.</summary>
    public TraceBlock? Next { get; set; }

    public Span<byte> Bytes => slab.AsSpan(offset, Size);
}
