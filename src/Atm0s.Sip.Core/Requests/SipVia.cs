using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Serialization;

namespace Atm0s.Sip.Core.Requests;

/// <summary>The Via of a request that this element sends (RFC 3261 §8.1.1.7, §18.1.1).</summary>
/// <param name="Transport">Transport token: UDP, TCP, TLS, WS, WSS.</param>
/// <param name="SentBy">host or host:port where responses are to be sent; an IPv6 address in brackets.</param>
/// <param name="Branch">The transaction's branch, with the magic cookie.</param>
internal readonly record struct SipVia(string Transport, string SentBy, string Branch)
{
    /// <summary>Whether the peer may send its own requests over the connection that we have opened (RFC 5923 §5).</summary>
    public bool IsAlias { get; init; }

    /// <summary>Writes the header field. Over UDP with <c>rport</c>, so that the answer passes a NAT (RFC 3581 §3).</summary>
    /// <param name="writer">Where to write.</param>
    /// <exception cref="ArgumentException">Transport or branch is no token, or sent-by no host[:port].</exception>
    public void Write(ref SipWriter writer)
    {
        // RFC 3261 §25.1: what would not be read back as this Via (a parameter in sent-by, an IPv6 address without brackets) gets no
        // answer.
        if (!IsToken(Transport) || !IsToken(Branch) || SentBy is null
            || !HostPort.TryParse(Encoding.UTF8.GetBytes(SentBy), allowWhite: false, out _, out _))
            throw new ArgumentException($"No Via can be made of transport '{Transport}', sent-by '{SentBy}' and branch '{Branch}'.");
        var askForPort = Transport.Equals("UDP", StringComparison.OrdinalIgnoreCase);
        var parameter = askForPort ? ";rport" : IsAlias ? ";alias" : "";
        var length = "SIP/2.0/".Length + Transport.Length + 1 + SentBy.Length + ";rport;branch=".Length + Branch.Length;
        var chars = length <= 256 ? stackalloc char[length] : new char[length];
        chars.TryWrite($"SIP/2.0/{Transport} {SentBy}{parameter};branch={Branch}", out var written);
        var bytes = written <= 256 ? stackalloc byte[written * 3] : new byte[written * 3];
        writer.Header(SipHeaderId.Via, bytes[..Encoding.UTF8.GetBytes(chars[..written], bytes)]);
    }

    private static bool IsToken([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] string? value) =>
        value is not null && SipChars.IsToken(Encoding.UTF8.GetBytes(value));
}
