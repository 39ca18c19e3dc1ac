namespace Atm0s.Sip.Core.Sdp;

/// <summary>The o-line (RFC 8866 §5.2).</summary>
/// <param name="Username">User name, or "-".</param>
/// <param name="SessionId">Number of the session.</param>
/// <param name="SessionVersion">Goes up with every change.</param>
/// <param name="AddressType">IP4 or IP6.</param>
/// <param name="Address">Address of its maker.</param>
public sealed record SdpOrigin(string Username, string SessionId, string SessionVersion, string AddressType, string Address);
