namespace Atm0s.Sip.LoadGenerator.Native;

/// <summary>Addresses of 127.0.0.0/8 by number.</summary>
internal static class Loopback
{
    /// <summary>127.0.0.1, where the servers are.</summary>
    public const uint Server = 0x7F000001;

    /// <summary>The most sources there are: the lower half of the network. The upper half is of the phones' audio.</summary>
    public const int MaxSources = 0x7FFFFE;

    private const uint Audio = 0x7F800002;

    /// <summary>A source of signalling: 127.0.0.2, 127.0.0.3 and so on.</summary>
    public static uint Source(int index) => Server + 1 + (uint)index;

    /// <summary>Where a leg hears: 127.128.0.2 and so on.</summary>
    public static uint Leg(int index) => Audio + (uint)index;
}
