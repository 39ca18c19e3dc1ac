using System.Runtime.InteropServices;

namespace Atm0s.Sip.Media.Native;

/// <summary>struct io_uring_sqe: one call that the system is asked for.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct IoRingEntry
{
    public byte Operation;
    public byte Flags;
    public ushort Priority;
    public int Descriptor;
    public ulong Offset;
    public ulong Address;
    public uint Length;
    public uint MessageFlags;

    /// <summary>Comes back with the completion.</summary>
    public ulong UserData;
}
