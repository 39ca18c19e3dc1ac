using System.Runtime.InteropServices;

namespace Atm0s.Sip.LoadGenerator.Native;

/// <summary><c>pollfd</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry
{
    public int Socket;
    public short Wanted;
    public short Happened;
}
