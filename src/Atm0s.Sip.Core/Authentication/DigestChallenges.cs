using System.Net;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Serialization;

namespace Atm0s.Sip.Core.Authentication;

/// <summary>The challenges of one 401, one for each algorithm, best first (RFC 8760 §2.4); its nonce is made when it is written.</summary>
public readonly struct DigestChallenges
{
    private readonly DigestServer _server;
    private readonly TimeSpan _now;
    private readonly IPAddress? _source;
    private readonly bool _stale;

    internal DigestChallenges(DigestServer server, TimeSpan now, bool stale, IPAddress? source)
    {
        _server = server;
        _now = now;
        _stale = stale;
        _source = source;
    }

    /// <summary>Writes the WWW-Authenticate fields.</summary>
    /// <param name="writer">A response that has been begun.</param>
    public void WriteTo(in SipWriter writer)
    {
        Span<byte> nonce = stackalloc byte[NonceSource.TextLength];
        _server.Nonces.Write(_now, _source, nonce);
        foreach (var template in _server.Templates)
        {
            writer.BeginHeader(SipHeaderId.WwwAuthenticate);
            writer.Value(template.BeforeNonce);
            writer.Value(nonce);
            writer.Value(template.AfterNonce);
            // RFC 7616 §3.3
            if (_stale)
                writer.Value(", stale=true"u8);
            writer.EndHeader();
        }
    }
}
