using System.Runtime.InteropServices;

namespace Atm0s.Sip.Core.Transport.Linux;

/// <summary>struct iovec.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public byte* Data;
    public nuint Length;
}
