using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Atm0s.Sip.Media.Srtp;

/// <summary>AES in Galois/counter mode (RFC 7714 §8, §9).</summary>
internal sealed class GcmTransform : SrtpTransform
{
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int MaxPacket = 2048;
    private const int MaxClear = MaxPacket + 4;

    // Packets that are checked the slow way after one that was not authentic: an exception for each packet of a flood would cost more.
    private const int SlowChecks = 64;

    [ThreadStatic]
    private static byte[]? _threadScratch;

    private readonly byte[] _salt;
    private readonly AesGcm _gcm;
    private readonly bool _isRtcp;
    private int _slowChecks;

    public GcmTransform(SrtpKey key, bool isRtcp)
    {
        _isRtcp = isRtcp;
        _salt = new byte[NonceLength];
        Span<byte> cipherKey = stackalloc byte[key.Suite.KeyLength];
        SrtpKeyDerivation.Derive(key, isRtcp ? SrtpLabel.RtcpEncryption : SrtpLabel.RtpEncryption, cipherKey);
        SrtpKeyDerivation.Derive(key, isRtcp ? SrtpLabel.RtcpSalt : SrtpLabel.RtpSalt, _salt);
        _gcm = new AesGcm(cipherKey, TagLength);
        CryptographicOperations.ZeroMemory(cipherKey);
    }

    /// <summary>With session keys that were derived elsewhere.</summary>
    public GcmTransform(ReadOnlySpan<byte> cipherKey, ReadOnlySpan<byte> salt, bool isRtcp) =>
        (_isRtcp, _salt, _gcm) = (isRtcp, salt.ToArray(), new AesGcm(cipherKey, TagLength));

    /// <inheritdoc/>
    public override void Protect(
        Span<byte> packet, int clear, ReadOnlySpan<byte> trailer, Span<byte> tag, in PacketNumber number)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        MakeNonce(number, nonce);
        var text = packet[clear..];
        if (!_isRtcp)
        {
            _gcm.Encrypt(nonce, text, text, tag, packet[..clear]);
            return;
        }

        Span<byte> associated = stackalloc byte[MaxClear];
        _gcm.Encrypt(nonce, text, text, tag, Join(packet[..clear], trailer, associated));
    }

    /// <inheritdoc/>
    public override bool TryUnprotect(
        Span<byte> packet, int clear, ReadOnlySpan<byte> trailer, ReadOnlySpan<byte> tag, in PacketNumber number)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        MakeNonce(number, nonce);
        var text = packet[clear..];
        Span<byte> buffer = stackalloc byte[_isRtcp ? MaxClear : 0];
        var associated = _isRtcp ? Join(packet[..clear], trailer, buffer) : packet[..clear];
        if (_slowChecks > 0)
        {
            if (!TryDecryptSlowly(nonce, text, tag, associated))
                return false;
            _slowChecks--;
            return true;
        }

        try
        {
            _gcm.Decrypt(nonce, text, tag, text, associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            _slowChecks = SlowChecks;
            return false;
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => _gcm.Dispose();

    // Both ways the text is XORed with the same stream, and the tag is that of the encrypted text: so encrypting decrypts, and encrypting
    // what came out gives the tag that it should have.
    private bool TryDecryptSlowly(
        ReadOnlySpan<byte> nonce, Span<byte> text, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> associated)
    {
        var scratch = (_threadScratch ??= new byte[MaxPacket]).AsSpan(0, text.Length);
        Span<byte> expected = stackalloc byte[tag.Length];
        _gcm.Encrypt(nonce, text, text, expected);
        _gcm.Encrypt(nonce, text, scratch, expected, associated);
        return CryptographicOperations.FixedTimeEquals(expected, tag);
    }

    // RFC 7714 §9.2, §9.3: the word with the index is authenticated with the header.
    private static ReadOnlySpan<byte> Join(ReadOnlySpan<byte> clear, ReadOnlySpan<byte> trailer, Span<byte> buffer)
    {
        clear.CopyTo(buffer);
        trailer.CopyTo(buffer[clear.Length..]);
        return buffer[..(clear.Length + trailer.Length)];
    }

    // RFC 7714 §8.1: zeros, SSRC, roll-over counter, sequence number; §9.1: zeros, SSRC, zeros, index.
    private void MakeNonce(in PacketNumber number, Span<byte> nonce)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(nonce[2..], number.Ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[6..], (uint)(number.Index >> 16));
        BinaryPrimitives.WriteUInt16BigEndian(nonce[10..], (ushort)number.Index);
        for (var i = 0; i < NonceLength; i++)
            nonce[i] ^= _salt[i];
    }
}
