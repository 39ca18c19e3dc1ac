using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Transactions;

/// <summary>The method tokens as they stand on the wire (RFC 3261 §7.1: upper case, case-sensitive).</summary>
internal static class SipMethodTokens
{
    internal static ReadOnlySpan<byte> Get(SipMethod method) => method switch
    {
        SipMethod.Invite => "INVITE"u8,
        SipMethod.Ack => "ACK"u8,
        SipMethod.Bye => "BYE"u8,
        SipMethod.Cancel => "CANCEL"u8,
        SipMethod.Register => "REGISTER"u8,
        SipMethod.Options => "OPTIONS"u8,
        SipMethod.Info => "INFO"u8,
        SipMethod.Update => "UPDATE"u8,
        SipMethod.Prack => "PRACK"u8,
        SipMethod.Subscribe => "SUBSCRIBE"u8,
        SipMethod.Notify => "NOTIFY"u8,
        SipMethod.Refer => "REFER"u8,
        SipMethod.Message => "MESSAGE"u8,
        SipMethod.Publish => "PUBLISH"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "A method without a fixed token."),
    };
}
