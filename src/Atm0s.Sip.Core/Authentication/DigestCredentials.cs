using System.Text;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Authentication;

/// <summary>
/// What a client presents in Authorization (RFC 7616 §3.4), kept while its host is asked: one array beside the user's name. Not printed:
/// the response is as good as a password to who can guess.
/// </summary>
public sealed class DigestCredentials
{
    private readonly byte[] _bytes;
    private readonly int _countAt;
    private readonly int _cnonceAt;
    private readonly int _uriAt;
    private readonly int _responseAt;
    private readonly bool _isSession;

    internal DigestCredentials(DigestServer reader, in DigestFields fields, NonceStamp stamp)
    {
        Reader = reader;
        Stamp = stamp;
        Username = Encoding.UTF8.GetString(fields.Username);
        Algorithm = fields.Algorithm;
        HasQop = fields.HasQop;
        NonceCount = fields.NonceCount;
        _isSession = fields.IsSession;
        _countAt = fields.Nonce.Length;
        _cnonceAt = _countAt + (HasQop ? fields.NonceCountText.Length : 0);
        _uriAt = _cnonceAt + fields.Cnonce.Length;
        _responseAt = _uriAt + fields.Uri.Length;
        _bytes = new byte[_responseAt + fields.Response.Length];
        fields.Nonce.CopyTo(_bytes);
        if (HasQop)
            fields.NonceCountText.CopyTo(_bytes.AsSpan(_countAt));
        fields.Cnonce.CopyTo(_bytes.AsSpan(_cnonceAt));
        fields.Uri.CopyTo(_bytes.AsSpan(_uriAt));
        fields.Response.CopyTo(_bytes.AsSpan(_responseAt));
    }

    /// <summary>User name.</summary>
    public string Username { get; }

    /// <summary>Realm.</summary>
    public string Realm => Reader.Realm;

    /// <summary>Algorithm; MD5 when none is named.</summary>
    public DigestAlgorithm Algorithm { get; }

    /// <summary>
    /// Whether they have qop, and with it a nonce count (RFC 7616 §3.4). Every challenge of ours offers it: what comes without is of a
    /// phone that knows RFC 2069 only, or was altered on its way.
    /// </summary>
    public bool HasQop { get; }

    /// <summary>Who has found their nonce to be its own.</summary>
    internal DigestServer Reader { get; }

    /// <summary>Their nonce.</summary>
    internal NonceStamp Stamp { get; }

    internal uint NonceCount { get; }

    internal DigestInput Input => new()
    {
        Nonce = _bytes.AsSpan(0, _countAt),
        NonceCount = _bytes.AsSpan(_countAt, _cnonceAt - _countAt),
        Cnonce = _bytes.AsSpan(_cnonceAt, _uriAt - _cnonceAt),
        Uri = Uri,
        Qop = HasQop ? "auth"u8 : default,
        IsSession = _isSession,
    };

    internal ReadOnlySpan<byte> Response => _bytes.AsSpan(_responseAt);

    private ReadOnlySpan<byte> Uri => _bytes.AsSpan(_uriAt, _responseAt - _uriAt);

    /// <summary>Does not show the response.</summary>
    public override string ToString() => $"{Username}@{Realm} ({Algorithm.ToToken()})";

    /// <summary>
    /// Whether the credentials were made for a request about this URI (RFC 7616 §3.4.6), apart from the host, which a proxy may have changed.
    /// Phones differ in port, parameters and escapes; some name the server alone. Where a number is named it must be the same. What names
    /// none serves once all the same (<see cref="NonceCounts"/>).
    /// </summary>
    /// <param name="uri">The Request-URI; of a REGISTER the address-of-record.</param>
    /// <param name="host">The host that they name.</param>
    internal bool AreFor(ReadOnlySpan<byte> uri, out ReadOnlySpan<byte> host)
    {
        host = default;
        if (!SipUriView.TryParse(uri, out var called) || !SipUriView.TryParse(Uri, out var named))
            return false;
        host = named.Host;
        return named.User.IsEmpty || SipNumbers.Of(called) == SipNumbers.Of(named);
    }
}
