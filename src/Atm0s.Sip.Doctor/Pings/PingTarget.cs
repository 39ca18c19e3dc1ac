using System.Net;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Doctor.Pings;

/// <summary>Whom to ask.</summary>
/// <param name="Uri">Request-URI.</param>
/// <param name="Protocol">Transport.</param>
/// <param name="EndPoint">Where it is.</param>
internal sealed record PingTarget(string Uri, SipTransportProtocol Protocol, IPEndPoint EndPoint);
