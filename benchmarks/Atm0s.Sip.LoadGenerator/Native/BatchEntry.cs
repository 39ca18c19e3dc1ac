using System.Runtime.InteropServices;

namespace Atm0s.Sip.LoadGenerator.Native;

/// <summary><c>mmsghdr</c>: a message and how much of it came or went.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BatchEntry
{
    public MessageHeader Header;
    public uint Length;
}
