namespace Atm0s.Sip;

/// <summary>One IP rule.</summary>
/// <param name="Network">An address or a CIDR block, for example <c>192.0.2.7</c>, <c>10.0.0.0/8</c>, <c>2001:db8::/32</c>.</param>
/// <param name="Action">What is done with requests from there.</param>
public sealed record AccessRule(string Network, AccessAction Action);
