using System.Runtime.InteropServices;

namespace Atm0s.Sip.Media.Native;

/// <summary>struct io_uring_cqe: what came of one call.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IoRingCompletion
{
    /// <summary>That of the entry.</summary>
    public ulong UserData;

    /// <summary>What the call would have returned; below zero the error.</summary>
    public int Result;

    public uint Flags;
}
