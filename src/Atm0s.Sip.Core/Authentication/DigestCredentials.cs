using System.Text;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Authentication;

/// <summary>
/// What a client presents in Authorization (RFC 7616 §3.4). Not printed: the response is as good as a password to who can guess.
/// </summary>
public sealed class DigestCredentials
{
    private DigestCredentials()
    {
    }

    /// <summary>User name.</summary>
    public string Username { get; private set; } = "";

    /// <summary>Realm.</summary>
    public string Realm { get; private set; } = "";

    /// <summary>Algorithm; MD5 when none is named.</summary>
    public DigestAlgorithm Algorithm { get; private set; }

    internal bool IsSession { get; private set; }

    internal string Nonce { get; private set; } = "";

    internal string Uri { get; private set; } = "";

    /// <summary>
    /// Whether the credentials were made for a request to this URI (RFC 7616 §3.4.6). A proxy may have put another host there, and phones
    /// differ in port, parameters and escapes; some name the server alone. Where a number is named it must be the same. What names none serves
    /// once all the same (<see cref="NonceCounts"/>).
    /// </summary>
    /// <param name="requestUri">The Request-URI.</param>
    internal bool AreFor(ReadOnlySpan<byte> requestUri) =>
        SipUriView.TryParse(requestUri, out var called)
        && SipUriView.TryParse(Encoding.UTF8.GetBytes(Uri), out var named)
        && (named.User.IsEmpty || SipNumbers.Of(called) == SipNumbers.Of(named));

    internal string Response { get; private set; } = "";

    internal string? Qop { get; private set; }

    internal string Cnonce { get; private set; } = "";

    internal string NonceCountText { get; private set; } = "";

    internal uint NonceCount { get; private set; }

    /// <summary>Does not show the response.</summary>
    public override string ToString() => $"{Username}@{Realm} ({Algorithm.ToToken()})";

    internal static DigestReading Read(ReadOnlySpan<byte> value, out DigestCredentials? credentials)
    {
        credentials = null;
        if (!DigestParameters.TryOpen(value, out var parameters))
            return DigestReading.OtherScheme;
        var read = new DigestCredentials();
        var supported = true;
        bool valid;
        while (parameters.MoveNext(out valid))
            supported &= read.Set(parameters);
        if (!valid || read.Username.Length == 0 || read.Nonce.Length == 0 || read.Uri.Length == 0 || read.Response.Length == 0)
            return DigestReading.Malformed;
        // RFC 7616 §3.4: with qop come nc and cnonce.
        if (read.Qop is not null && (read.Cnonce.Length == 0 || !TryReadCount(read)))
            return DigestReading.Malformed;
        if (!supported || read.Qop is not (null or "auth"))
            return DigestReading.Unsupported;
        credentials = read;
        return DigestReading.Digest;
    }

    private static bool TryReadCount(DigestCredentials read)
    {
        if (read.NonceCountText.Length != 8
            || !uint.TryParse(read.NonceCountText, System.Globalization.NumberStyles.AllowHexSpecifier, null, out var count))
            return false;
        read.NonceCount = count;
        return count > 0;
    }

    private bool Set(in DigestParameters parameter)
    {
        switch (parameter.Id)
        {
            case DigestParameter.Username:
                Username = parameter.Text;
                break;
            case DigestParameter.Realm:
                Realm = parameter.Text;
                break;
            case DigestParameter.Nonce:
                Nonce = parameter.Text;
                break;
            case DigestParameter.Uri:
                Uri = parameter.Text;
                break;
            case DigestParameter.Response:
                Response = parameter.Text;
                break;
            case DigestParameter.Cnonce:
                Cnonce = parameter.Text;
                break;
            case DigestParameter.NonceCount:
                NonceCountText = parameter.Text;
                break;
            case DigestParameter.Qop:
                Qop = parameter.Text.ToLowerInvariant();
                break;
            case DigestParameter.Algorithm:
                return SetAlgorithm(parameter.Text);
        }

        return true;
    }

    private bool SetAlgorithm(string token)
    {
        IsSession = token.EndsWith("-sess", StringComparison.OrdinalIgnoreCase);
        var known = DigestAlgorithms.TryParse(IsSession ? token.AsSpan(0, token.Length - 5) : token, out var algorithm);
        Algorithm = algorithm;
        return known;
    }
}
