using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Ways;

/// <summary>Who is at the other end of a way, as the host sees it.</summary>
internal static class FlowIdentity
{
    /// <summary>The certificate of a connection, or null.</summary>
    public static PeerCertificate? Of(SipFlow flow) =>
        flow.PeerIdentity is { } identity ? new PeerCertificate(identity.Names, identity.Subject, identity.Thumbprint) : null;
}
