namespace Atm0s.Sip.Dashboard.Messages;

/// <summary>A SIP message of a call.</summary>
/// <param name="At">Unix time in milliseconds.</param>
/// <param name="Sent">Whether we sent it.</param>
/// <param name="Peer">The other side.</param>
/// <param name="Incoming">Whether the call that it belongs to came to us.</param>
/// <param name="Text">The message, secrets masked.</param>
internal sealed record WireMessage(long At, bool Sent, string Peer, bool Incoming, string Text);
