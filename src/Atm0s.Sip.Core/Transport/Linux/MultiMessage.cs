using System.Runtime.InteropServices;

namespace Atm0s.Sip.Core.Transport.Linux;

/// <summary>struct mmsghdr: a message, and how many bytes of it came or went.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MultiMessage
{
    public MessageHeader Header;
    public uint Length;
}
