namespace Atm0s.Sip.Control.Messages;

/// <summary>A SIP message of a call.</summary>
/// <param name="Timestamp">When.</param>
/// <param name="Sent">Whether we sent it; else it came.</param>
/// <param name="Peer">The other side's address.</param>
/// <param name="Message">The message.</param>
public sealed record WireMessageResource(DateTimeOffset Timestamp, bool Sent, string Peer, string Message)
{
    internal static WireMessageResource From(WireTraceEntry entry) => new(entry.Timestamp, entry.IsSent, entry.Peer, entry.Message);
}
