namespace Atm0s.Sip.Core.Messages;

/// <summary>Where a header field stands in a message.</summary>
internal readonly record struct HeaderSlot(SipHeaderId Id, ByteRange Name, ByteRange Value);
