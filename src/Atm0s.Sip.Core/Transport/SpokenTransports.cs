namespace Atm0s.Sip.Core.Transport;

/// <summary>The transports that the listeners of a server speak.</summary>
internal readonly record struct SpokenTransports
{
    private readonly int _bits;

    private SpokenTransports(int bits) => _bits = bits;

    /// <summary>All that there are.</summary>
    public static SpokenTransports All { get; } = new(-1);

    /// <summary>Those of some listeners.</summary>
    public static SpokenTransports Of(IEnumerable<SipTransportProtocol> protocols)
    {
        var bits = 0;
        foreach (var protocol in protocols)
            bits |= 1 << (int)protocol;
        return new SpokenTransports(bits);
    }

    /// <summary>Whether one is spoken. UDP and TCP are no secret: where no listener is for them, it is told when they are needed.</summary>
    public bool Has(SipTransportProtocol protocol) =>
        protocol is SipTransportProtocol.Udp or SipTransportProtocol.Tcp || (_bits & (1 << (int)protocol)) != 0;
}
