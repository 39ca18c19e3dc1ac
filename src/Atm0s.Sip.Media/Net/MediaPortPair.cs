namespace Atm0s.Sip.Media.Net;

/// <summary>Two sockets of a <see cref="MediaPortPool"/>.</summary>
/// <param name="Rtp">The even port.</param>
/// <param name="Rtcp">The odd port above.</param>
/// <param name="Earlier">What the call before heard here, while that may still come.</param>
internal sealed record MediaPortPair(IMediaSocket Rtp, IMediaSocket Rtcp, HeardStream Earlier);
