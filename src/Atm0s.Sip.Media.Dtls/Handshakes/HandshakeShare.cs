namespace Atm0s.Sip.Media.Dtls.Handshakes;

/// <summary>What the peers of one network have of the places. For who holds the lock of them.</summary>
internal sealed class HandshakeShare(ulong network)
{
    /// <summary>An IPv4 address or an IPv6 /64; 0 when it is not known.</summary>
    public ulong Network { get; } = network;

    /// <summary>Handshakes under way.</summary>
    public int UnderWay { get; set; }

    /// <summary>Of those, how many were told to give way.</summary>
    public int GivingWay { get; set; }

    /// <summary>Handshakes that wait.</summary>
    public int Waiting { get; set; }

    /// <summary>When its part of the rate is full again.</summary>
    public long Full { get; set; }

    /// <summary>Whether there is nothing to remember of it.</summary>
    /// <param name="now">The time.</param>
    public bool IsIdle(long now) => UnderWay == 0 && Waiting == 0 && Full <= now;
}
