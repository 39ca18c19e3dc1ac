using Atm0s.Sip.Media.Net;

namespace Atm0s.Sip.Testing.Networks;

/// <summary>A datagram of an <see cref="InMemoryMediaNetwork"/>.</summary>
/// <param name="Source">Who sent it.</param>
/// <param name="Destination">Where to.</param>
/// <param name="Buffer">Its bytes, and unused ones behind them.</param>
/// <param name="Length">How many are its own.</param>
/// <param name="Arrival">When it is in the socket's queue.</param>
internal readonly record struct InMemoryDatagram(MediaAddress Source, MediaAddress Destination, byte[] Buffer, int Length, TimeSpan Arrival)
{
    /// <summary>Bytes charged to the socket's receive buffer, as counted on Linux 6.18 over the loopback.</summary>
    public int TrueSize => Length switch
    {
        <= 192 => 832,
        <= 640 => 1280,
        <= 1664 => 2304,
        _ => 4352,
    };
}
