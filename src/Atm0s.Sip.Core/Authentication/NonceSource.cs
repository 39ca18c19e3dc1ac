using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Atm0s.Sip.Core.Authentication;

/// <summary>Nonces that need no memory: time, chance, and a MAC over both and the realm with a key of this process.</summary>
internal sealed class NonceSource(string realm, byte[] key)
{
    private const int PayloadLength = 16;
    private const int MacLength = 16;

    private readonly byte[] _realm = Encoding.UTF8.GetBytes(realm);

    public string Create(TimeSpan now)
    {
        Span<byte> bytes = stackalloc byte[PayloadLength + MacLength];
        BinaryPrimitives.WriteInt64BigEndian(bytes, (long)now.TotalMilliseconds);
        RandomNumberGenerator.Fill(bytes[8..PayloadLength]);
        Mac(bytes[..PayloadLength], bytes[PayloadLength..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>When the nonce was made; false when it was not made by us.</summary>
    public bool TryRead(string nonce, out TimeSpan made)
    {
        made = default;
        Span<byte> bytes = stackalloc byte[PayloadLength + MacLength];
        // Not TryDecodeFromChars: that one throws at what is no base64, and nonces come from anybody.
        if (nonce.Length != Base64Url.GetEncodedLength(bytes.Length)
            || Base64Url.DecodeFromChars(nonce, bytes, out _, out var length) != OperationStatus.Done
            || length != bytes.Length)
            return false;
        Span<byte> mac = stackalloc byte[MacLength];
        Mac(bytes[..PayloadLength], mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, bytes[PayloadLength..]))
            return false;
        // Only now: a forged time may be one that no TimeSpan holds.
        made = TimeSpan.FromMilliseconds(BinaryPrimitives.ReadInt64BigEndian(bytes));
        return true;
    }

    private void Mac(ReadOnlySpan<byte> payload, Span<byte> mac)
    {
        Span<byte> data = stackalloc byte[PayloadLength + Math.Min(_realm.Length, 256)];
        payload.CopyTo(data);
        _realm.AsSpan(0, data.Length - PayloadLength).CopyTo(data[PayloadLength..]);
        Span<byte> full = stackalloc byte[32];
        HMACSHA256.HashData(key, data, full);
        full[..MacLength].CopyTo(mac);
    }
}
