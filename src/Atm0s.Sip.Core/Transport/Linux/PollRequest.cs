using System.Runtime.InteropServices;

namespace Atm0s.Sip.Core.Transport.Linux;

/// <summary>struct pollfd.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollRequest
{
    public int File;
    public short Wanted;
    public short Got;
}
