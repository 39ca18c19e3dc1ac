using System.Runtime.InteropServices;

namespace Atm0s.Sip.LoadGenerator.Native;

/// <summary><c>msghdr</c> of a 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    public SocketAddress4* Name;
    public uint NameLength;
    public Segment* Segments;
    public nuint SegmentCount;
    public void* Control;
    public nuint ControlLength;
    public int Flags;
}
