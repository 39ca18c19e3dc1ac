namespace Atm0s.Sip.Registrar;

/// <summary>One contact of a REGISTER: bind it for so long, or remove it when <paramref name="Expires"/> is zero.</summary>
/// <param name="Uri">The contact.</param>
/// <param name="Expires">Its time.</param>
/// <param name="InstanceId">Which device it is (RFC 5626 §4.1), or null.</param>
/// <param name="RegId">Which of the device's flows (RFC 5626 §4.2), or null.</param>
/// <param name="Quality">Its preference among the user's contacts in thousandths (RFC 3261 §10.2.1.2).</param>
internal sealed record ContactWish(
    string Uri, TimeSpan Expires, string? InstanceId = null, int? RegId = null, int Quality = 1000);
