using System.Runtime.InteropServices;

namespace Atm0s.Sip.Calls.Records;

/// <summary>What stands before a message in a <see cref="TraceStream"/>.</summary>
/// <param name="Ticks">When (UTC).</param>
/// <param name="Length">Bytes that follow.</param>
/// <param name="WireLength">Bytes that it had.</param>
/// <param name="Peer">With whom, as an index.</param>
/// <param name="IsSent">Whether we sent it.</param>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct TraceFrame(long Ticks, int Length, int WireLength, byte Peer, bool IsSent)
{
    public const int Size = 18;
}
