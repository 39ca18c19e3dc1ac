using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Atm0s.Sip.Core.Authentication;

/// <summary>
/// Nonces that need no memory: time, chance, and a MAC over both, the realm and the address they are for, with a key of this process.
/// </summary>
internal sealed class NonceSource(string realm, byte[] key)
{
    private const int PayloadLength = 16;
    private const int MacLength = 16;
    private const int AddressLength = 16;

    private readonly byte[] _realm = Encoding.UTF8.GetBytes(realm);

    public string Create(TimeSpan now, IPAddress? source = null)
    {
        Span<byte> bytes = stackalloc byte[PayloadLength + MacLength];
        BinaryPrimitives.WriteInt64BigEndian(bytes, (long)now.TotalMilliseconds);
        RandomNumberGenerator.Fill(bytes[8..PayloadLength]);
        Mac(bytes[..PayloadLength], source, bytes[PayloadLength..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>When the nonce was made; false when it was not made by us, or for another address.</summary>
    public bool TryRead(string nonce, IPAddress? source, out TimeSpan made)
    {
        made = default;
        Span<byte> bytes = stackalloc byte[PayloadLength + MacLength];
        // Not TryDecodeFromChars: that one throws at what is no base64, and nonces come from anybody.
        if (nonce.Length != Base64Url.GetEncodedLength(bytes.Length)
            || Base64Url.DecodeFromChars(nonce, bytes, out _, out var length) != OperationStatus.Done
            || length != bytes.Length)
            return false;
        Span<byte> mac = stackalloc byte[MacLength];
        Mac(bytes[..PayloadLength], source, mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, bytes[PayloadLength..]))
            return false;
        // Only now: a forged time may be one that no TimeSpan holds.
        made = TimeSpan.FromMilliseconds(BinaryPrimitives.ReadInt64BigEndian(bytes));
        return true;
    }

    private void Mac(ReadOnlySpan<byte> payload, IPAddress? source, Span<byte> mac)
    {
        Span<byte> data = stackalloc byte[PayloadLength + AddressLength + Math.Min(_realm.Length, 256)];
        data.Clear();
        payload.CopyTo(data);
        // The port is left out: a NAT gives a phone another one from time to time.
        (source is { IsIPv4MappedToIPv6: true } ? source.MapToIPv4() : source)?.TryWriteBytes(data[PayloadLength..], out _);
        _realm.AsSpan(0, data.Length - PayloadLength - AddressLength).CopyTo(data[(PayloadLength + AddressLength)..]);
        Span<byte> full = stackalloc byte[32];
        HMACSHA256.HashData(key, data, full);
        full[..MacLength].CopyTo(mac);
    }
}
