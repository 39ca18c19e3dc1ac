using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Atm0s.Sip.Media.Srtp;

/// <summary>AES in counter mode with HMAC-SHA1 (RFC 3711 §4.1.1, §4.2.1).</summary>
#pragma warning disable CA5350 // RFC 3711 §4.2.1 wants HMAC-SHA1; nothing known about SHA-1 weakens it as a MAC.
internal sealed class CounterModeTransform : SrtpTransform
{
    private const int AuthenticationKeyLength = 20;
    private const int SaltLength = 14;

    private readonly byte[] _salt = new byte[SaltLength];
    private readonly CounterKeystream _keystream;
    private readonly IncrementalHash _hmac;

    public CounterModeTransform(SrtpKey key, bool isRtcp)
    {
        Span<byte> cipherKey = stackalloc byte[key.Suite.KeyLength];
        Span<byte> authenticationKey = stackalloc byte[AuthenticationKeyLength];
        SrtpKeyDerivation.Derive(key, isRtcp ? SrtpLabel.RtcpEncryption : SrtpLabel.RtpEncryption, cipherKey);
        SrtpKeyDerivation.Derive(key, isRtcp ? SrtpLabel.RtcpAuthentication : SrtpLabel.RtpAuthentication, authenticationKey);
        SrtpKeyDerivation.Derive(key, isRtcp ? SrtpLabel.RtcpSalt : SrtpLabel.RtpSalt, _salt);
        _keystream = new CounterKeystream(cipherKey);
        _hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA1, authenticationKey);
        CryptographicOperations.ZeroMemory(cipherKey);
        CryptographicOperations.ZeroMemory(authenticationKey);
    }

    /// <inheritdoc/>
    public override void Protect(
        Span<byte> packet, int clear, ReadOnlySpan<byte> trailer, Span<byte> tag, in PacketNumber number)
    {
        Encrypt(packet[clear..], number);
        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
        Authenticate(packet, trailer, mac);
        mac[..tag.Length].CopyTo(tag);
    }

    /// <inheritdoc/>
    public override bool TryUnprotect(
        Span<byte> packet, int clear, ReadOnlySpan<byte> trailer, ReadOnlySpan<byte> tag, in PacketNumber number)
    {
        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
        Authenticate(packet, trailer, mac);
        if (!CryptographicOperations.FixedTimeEquals(mac[..tag.Length], tag))
            return false;
        Encrypt(packet[clear..], number);
        return true;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _keystream.Dispose();
        _hmac.Dispose();
    }

    private void Authenticate(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> trailer, Span<byte> mac)
    {
        _hmac.AppendData(packet);
        _hmac.AppendData(trailer);
        _hmac.GetHashAndReset(mac);
    }

    // RFC 3711 §4.1.1: IV = (salt * 2^16) XOR (SSRC * 2^64) XOR (index * 2^16).
    private void Encrypt(Span<byte> text, in PacketNumber number)
    {
        if (text.IsEmpty)
            return;
        Span<byte> iv = stackalloc byte[CounterKeystream.BlockLength];
        iv.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(iv[4..], number.Ssrc);
        BinaryPrimitives.WriteUInt64BigEndian(iv[8..], (ulong)number.Index << 16);
        for (var i = 0; i < SaltLength; i++)
            iv[i] ^= _salt[i];
        _keystream.Apply(iv, text);
    }
}
