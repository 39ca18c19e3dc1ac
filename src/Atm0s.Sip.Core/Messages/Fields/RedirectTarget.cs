namespace Atm0s.Sip.Core.Messages.Fields;

/// <summary>One target of a 3xx (RFC 3261 §8.1.3.4).</summary>
/// <param name="Uri">Request-URI of the new request: without method parameter and headers.</param>
/// <param name="Quality">The q value in thousandths, 0 to 1000; 1000 when there is none.</param>
/// <param name="Headers">Embedded header fields, escaped; see <see cref="UriHeaders"/>. May be empty.</param>
internal sealed record RedirectTarget(string Uri, int Quality, byte[] Headers);
