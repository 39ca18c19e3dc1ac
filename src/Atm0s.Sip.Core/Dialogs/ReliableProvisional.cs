namespace Atm0s.Sip.Core.Dialogs;

/// <summary>One reliable provisional response that has no PRACK yet.</summary>
/// <param name="RSeq">Its number.</param>
/// <param name="Response">The whole response.</param>
/// <param name="HasSdp">Whether it carries an offer or an answer: then a 2xx has to wait for its PRACK.</param>
internal readonly record struct ReliableProvisional(uint RSeq, ReadOnlyMemory<byte> Response, bool HasSdp);
