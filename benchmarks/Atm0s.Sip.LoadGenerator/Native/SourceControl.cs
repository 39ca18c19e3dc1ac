using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Atm0s.Sip.LoadGenerator.Native;

/// <summary>A <c>cmsghdr</c> with an <c>in_pktinfo</c>: the address that a datagram leaves from.</summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
internal struct SourceControl
{
    public nuint Length;
    public int Level;
    public int Type;
    public int Interface;
    public uint NetworkSource;
    public uint NetworkDestination;

    /// <summary>Makes one.</summary>
    /// <param name="source">In host order.</param>
    public SourceControl(uint source)
    {
        Length = 28;
        Type = LibC.PacketInfo;
        NetworkSource = BinaryPrimitives.ReverseEndianness(source);
    }
}
