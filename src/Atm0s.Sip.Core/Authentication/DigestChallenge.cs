namespace Atm0s.Sip.Core.Authentication;

/// <summary>A challenge that we can answer (RFC 7616 §3.3).</summary>
internal sealed class DigestChallenge
{
    public string Realm { get; private set; } = "";

    public string Nonce { get; private set; } = "";

    public string? Opaque { get; private set; }

    public DigestAlgorithm Algorithm { get; private set; }

    public bool IsSession { get; private set; }

    /// <summary>"auth" when the server offers it, null when it offers no qop at all.</summary>
    public string? Qop { get; private set; }

    public bool IsStale { get; private set; }

    /// <summary>Reads a challenge; null when it is malformed, of another scheme, or asks for what we can't do.</summary>
    public static DigestChallenge? Read(ReadOnlySpan<byte> value)
    {
        if (!DigestParameters.TryOpen(value, out var parameters))
            return null;
        var challenge = new DigestChallenge();
        var supported = true;
        bool valid;
        // RFC 3261 §25.1: a quoted-pair may stand for NUL, which no answer of ours could repeat.
        while (parameters.MoveNext(out valid))
            supported &= challenge.Set(parameters) && !parameters.Text.Contains('\0', StringComparison.Ordinal);
        return valid && supported && challenge.Nonce.Length > 0 ? challenge : null;
    }

    private bool Set(in DigestParameters parameter)
    {
        switch (parameter.Id)
        {
            case DigestParameter.Realm:
                Realm = parameter.Text;
                break;
            case DigestParameter.Nonce:
                Nonce = parameter.Text;
                break;
            case DigestParameter.Opaque:
                Opaque = parameter.Text;
                break;
            case DigestParameter.Stale:
                IsStale = parameter.Text.Equals("true", StringComparison.OrdinalIgnoreCase);
                break;
            case DigestParameter.Qop:
                return SetQop(parameter.Text);
            case DigestParameter.Algorithm:
                return SetAlgorithm(parameter.Text);
        }

        return true;
    }

    private bool SetQop(string list)
    {
        Qop = list.Split(',', StringSplitOptions.TrimEntries).Contains("auth", StringComparer.OrdinalIgnoreCase) ? "auth" : null;
        return Qop is not null;
    }

    private bool SetAlgorithm(string token)
    {
        IsSession = token.EndsWith("-sess", StringComparison.OrdinalIgnoreCase);
        var known = DigestAlgorithms.TryParse(IsSession ? token.AsSpan(0, token.Length - 5) : token, out var algorithm);
        Algorithm = algorithm;
        return known;
    }
}
