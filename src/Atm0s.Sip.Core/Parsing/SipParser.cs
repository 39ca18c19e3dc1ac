using System.Diagnostics.CodeAnalysis;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Parsing;

/// <summary>Reads whole messages (RFC 3261 §7): a datagram, or a frame cut out of a stream.</summary>
public static class SipParser
{
    /// <summary>Reads one message.</summary>
    /// <param name="bytes">The datagram or frame; copied.</param>
    /// <param name="limits">Size limits.</param>
    /// <param name="isStream">True for a frame of a stream, where Content-Length is required (RFC 3261 §18.3).</param>
    /// <param name="message">The message, owned by the caller. Its <see cref="SipMessage.Refusal"/> may say that it is wrong all the same:
    /// such a request can be answered.</param>
    /// <param name="refusal">Why there is no message, or what is wrong with it.</param>
    /// <returns>False when there is nothing to answer: drop it, and count <paramref name="refusal"/>.</returns>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes, SipLimits limits, bool isStream, [NotNullWhen(true)] out SipMessage? message, out SipRefusal refusal)
    {
        message = null;
        refusal = Sniff(ref bytes, limits);
        if (refusal != SipRefusal.None)
            return false;

        var parsed = SipMessagePool.Rent();
        parsed.Load(bytes);
        refusal = Parse(parsed, limits, isStream);
        parsed.Refusal = refusal;
        if (refusal == SipRefusal.None || IsAnswerable(parsed, refusal))
        {
            message = parsed;
            return true;
        }

        parsed.Dispose();
        return false;
    }

    // RFC 3261 §7.5: CRLFs before the start line are ignored.
    private static SipRefusal Sniff(ref ReadOnlySpan<byte> bytes, SipLimits limits)
    {
        var start = bytes.IndexOfAnyExcept((byte)'\r', (byte)'\n');
        if (start < 0)
            return SipRefusal.Empty;
        bytes = bytes[start..];
        if (bytes.Length > limits.MaxMessageSize)
            return SipRefusal.TooLarge;
        // A method is a token and a status line begins with one: anything else is noise not worth a copy.
        return SipChars.Token.Contains(bytes[0]) ? SipRefusal.None : SipRefusal.Binary;
    }

    private static SipRefusal Parse(SipMessage message, SipLimits limits, bool isStream)
    {
        var cursor = 0;
        var refusal = LineReader.TryNext(message, ref cursor, unfold: false, out var startLine);
        if (refusal != SipRefusal.None)
            return refusal;
        // A bad start line must not keep the header from being read: the answer needs Via.
        var startRefusal = StartLineParser.Parse(message, startLine, limits);
        if (startRefusal is SipRefusal.BadStartLine && !message.IsRequest)
            return startRefusal;
        refusal = HeaderSectionParser.Parse(message, ref cursor, limits);
        var mandatory = MandatoryHeaders.Read(message);
        if (startRefusal != SipRefusal.None)
            return startRefusal;
        if (refusal == SipRefusal.None)
            refusal = mandatory;
        var body = BodyParser.Read(message, cursor, isStream);
        return refusal == SipRefusal.None ? body : refusal;
    }

    private static bool IsAnswerable(SipMessage message, SipRefusal refusal) =>
        message.IsRequest && refusal.ToStatusCode() != 0 && message.TopViaRange.Length > 0 && message.Method != SipMethod.Ack;
}
