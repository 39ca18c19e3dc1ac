using System.Net;

namespace Atm0s.Sip.Media.Ice;

/// <summary>An address at which somebody may be reached over UDP (RFC 8445 §5.1). Never a name: candidates are not looked up.</summary>
public sealed record IceCandidate
{
    /// <summary>Component of RTP, and of RTCP with it on one port.</summary>
    public const int Rtp = 1;

    /// <summary>Component of RTCP on a port of its own.</summary>
    public const int Rtcp = 2;

    /// <summary>Alike for candidates of one type and base (RFC 8445 §5.1.1.3): 1 to 32 letters, digits, + and /.</summary>
    public required string Foundation { get; init; }

    /// <summary><see cref="Rtp"/> or <see cref="Rtcp"/>; other numbers are ignored.</summary>
    public required int Component { get; init; }

    /// <summary>The greater, the better: 1 to 2^31 - 1.</summary>
    public required uint Priority { get; init; }

    /// <summary>The address.</summary>
    public required IPEndPoint EndPoint { get; init; }

    /// <summary>How it is known. Default <see cref="IceCandidateType.Host"/>.</summary>
    public IceCandidateType Type { get; init; }

    /// <summary>Priority of a candidate (RFC 8445 §5.1.2.1).</summary>
    /// <param name="type">Its type; preferences as recommended in §5.1.2.2.</param>
    /// <param name="localPreference">0 to 65535, different for each address of a host.</param>
    /// <param name="component">1 or 2.</param>
    public static uint PriorityOf(IceCandidateType type, int localPreference, int component)
    {
        var preference = type switch
        {
            IceCandidateType.Host => 126u,
            IceCandidateType.PeerReflexive => 110u,
            IceCandidateType.ServerReflexive => 100u,
            _ => 0u,
        };
        return (preference << 24) + ((uint)localPreference << 8) + (uint)(256 - component);
    }
}
