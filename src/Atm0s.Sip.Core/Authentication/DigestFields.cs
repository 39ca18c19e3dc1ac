using System.Buffers;
using System.Buffers.Binary;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Authentication;

/// <summary>
/// The parameters of Authorization (RFC 7616 §3.4) where they stand in the message: nothing is copied but what has escapes.
/// </summary>
internal ref struct DigestFields
{
    public ReadOnlySpan<byte> Username { get; private set; }

    public ReadOnlySpan<byte> Realm { get; private set; }

    public ReadOnlySpan<byte> Nonce { get; private set; }

    public ReadOnlySpan<byte> Uri { get; private set; }

    public ReadOnlySpan<byte> Response { get; private set; }

    public ReadOnlySpan<byte> Cnonce { get; private set; }

    /// <summary>The 8 hex digits of nc.</summary>
    public ReadOnlySpan<byte> NonceCountText { get; private set; }

    /// <summary>Value of nc; 0 without qop.</summary>
    public uint NonceCount { get; private set; }

    /// <summary>Whether qop is there, which is auth then. Without, the digest is that of RFC 2069.</summary>
    public bool HasQop { get; private set; }

    public DigestAlgorithm Algorithm { get; private set; }

    public bool IsSession { get; private set; }

    /// <summary>Reads an Authorization value.</summary>
    /// <param name="value">The value; the fields are parts of it.</param>
    /// <param name="fields">What it says. Only with <see cref="DigestReading.Digest"/> can it be judged.</param>
    public static DigestReading Read(ReadOnlySpan<byte> value, out DigestFields fields)
    {
        fields = default;
        if (!DigestParameters.TryOpen(value, out var parameters))
            return DigestReading.OtherScheme;
        var supported = true;
        bool valid;
        while (parameters.MoveNext(out valid))
            supported &= fields.Set(parameters);
        if (!valid || fields.Username.IsEmpty || fields.Nonce.IsEmpty || fields.Uri.IsEmpty || fields.Response.IsEmpty)
            return DigestReading.Malformed;
        // RFC 7616 §3.4: with qop come nc and cnonce.
        if (fields.HasQop && (fields.Cnonce.IsEmpty || !fields.TryReadCount()))
            return DigestReading.Malformed;
        return supported ? DigestReading.Digest : DigestReading.Unsupported;
    }

    private bool Set(in DigestParameters parameter)
    {
        switch (parameter.Id)
        {
            case DigestParameter.Username:
                Username = parameter.Plain;
                break;
            case DigestParameter.Realm:
                Realm = parameter.Plain;
                break;
            case DigestParameter.Nonce:
                Nonce = parameter.Plain;
                break;
            case DigestParameter.Uri:
                Uri = parameter.Plain;
                break;
            case DigestParameter.Response:
                Response = parameter.Plain;
                break;
            case DigestParameter.Cnonce:
                Cnonce = parameter.Plain;
                break;
            case DigestParameter.NonceCount:
                NonceCountText = parameter.Plain;
                break;
            case DigestParameter.Qop:
                HasQop = true;
                return SipChars.EqualsIgnoreCase(parameter.Plain, "auth"u8);
            case DigestParameter.Algorithm:
                return SetAlgorithm(parameter.Plain);
        }

        return true;
    }

    private bool TryReadCount()
    {
        if (NonceCountText.Length != 8)
            return false;
        Span<byte> bytes = stackalloc byte[4];
        if (Convert.FromHexString(NonceCountText, bytes, out _, out _) != OperationStatus.Done)
            return false;
        NonceCount = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        return NonceCount > 0;
    }

    private bool SetAlgorithm(ReadOnlySpan<byte> token)
    {
        IsSession = token.Length > 5 && SipChars.EqualsIgnoreCase(token[^5..], "-sess"u8);
        var known = DigestAlgorithms.TryParse(IsSession ? token[..^5] : token, out var algorithm);
        Algorithm = algorithm;
        return known;
    }
}
