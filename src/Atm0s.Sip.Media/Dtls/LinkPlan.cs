using Atm0s.Sip.Media.Ice;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Media.Dtls;

/// <summary>What a plan changes in the link of a component: made on the thread that asks, taken by the tick.</summary>
internal sealed class LinkPlan : IDisposable
{
    private LinkPlan(int component) => Component = component;

    /// <summary><see cref="IceCandidate.Rtp"/> or <see cref="IceCandidate.Rtcp"/>.</summary>
    public int Component { get; }

    /// <summary>Credentials from now on; null when those of before go on, or there are none.</summary>
    public IceSession? Ice { get; private init; }

    /// <summary>The association from now on; null when the one of before goes on, or there is none.</summary>
    public LegDtls? Dtls { get; private init; }

    /// <summary>Makes the plan of a component.</summary>
    /// <param name="component">Which.</param>
    /// <param name="parameters">What is wanted.</param>
    /// <param name="before">What was wanted before, if anything.</param>
    /// <param name="untaken">The plan of that, if no tick has taken it; what does not go on is the caller's to dispose of.</param>
    /// <returns>Null when this component has neither ICE nor DTLS.</returns>
    public static LinkPlan? Make(int component, RtpLegParameters parameters, RtpLegParameters? before, LinkPlan? untaken)
    {
        var was = before is not null && IsWanted(component, before) ? before : null;
        var isWanted = IsWanted(component, parameters);
        var keepsDtls = isWanted && parameters.Dtls is not null && parameters.Dtls == was?.Dtls;
        if (!isWanted)
            return null;
        return new LinkPlan(component)
        {
            Ice = parameters.Ice is not { } ice ? null
                : ice.IsSameSession(was?.Ice) ? untaken?.Ice
                : new IceSession(ice, component),
            Dtls = parameters.Dtls is not { } dtls ? null : keepsDtls ? untaken?.Dtls : new LegDtls(dtls),
        };
    }

    /// <summary>Whether RTP and RTCP share a port (RFC 5761).</summary>
    public static bool IsMuxed(RtpLegParameters parameters) =>
        parameters.RtcpMux || (parameters.RemoteRtcp is { } rtcp && rtcp.Equals(parameters.Remote));

    /// <inheritdoc/>
    public void Dispose() => Dtls?.Dispose();

    private static bool IsWanted(int component, RtpLegParameters parameters) =>
        (parameters.Ice is not null || parameters.Dtls is not null)
        && (component == IceCandidate.Rtp || !IsMuxed(parameters));
}
