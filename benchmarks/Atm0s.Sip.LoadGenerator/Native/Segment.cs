using System.Runtime.InteropServices;

namespace Atm0s.Sip.LoadGenerator.Native;

/// <summary><c>iovec</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Segment
{
    public byte* Start;
    public nuint Length;
}
