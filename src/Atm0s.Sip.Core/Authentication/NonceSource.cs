using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Atm0s.Sip.Core.Cryptography;

namespace Atm0s.Sip.Core.Authentication;

/// <summary>
/// Nonces that need no memory (RFC 7616 §5.4): a <see cref="NonceStamp"/>, and a MAC over it and the address that it is for, with a key of
/// this process and realm. Any thread.
/// </summary>
/// <param name="realm">Realm.</param>
/// <param name="secret">What the key is made from.</param>
internal sealed class NonceSource(string realm, ReadOnlySpan<byte> secret)
{
    /// <summary>Characters of a nonce: 24 bytes in base64url, with no bit left over, so each nonce is written in one way.</summary>
    public const int TextLength = 32;

    private const int MacLength = 12;
    private const int AddressLength = 16;

    private readonly SipHashKey _key = SipHashKey.Derive(secret, Encoding.UTF8.GetBytes("SIP nonce of realm " + realm));

    /// <summary>Writes a new nonce.</summary>
    /// <param name="now">The present time.</param>
    /// <param name="source">Address that alone may use it; null lets every address.</param>
    /// <param name="text">Gets <see cref="TextLength"/> characters.</param>
    public void Write(TimeSpan now, IPAddress? source, Span<byte> text)
    {
        Span<byte> bytes = stackalloc byte[NonceStamp.Length + MacLength];
        Span<byte> chance = stackalloc byte[sizeof(ulong)];
        RandomBlock.Fill(chance);
        NonceStamp.At(now, BinaryPrimitives.ReadUInt64LittleEndian(chance)).Write(bytes);
        Mac(bytes[..NonceStamp.Length], source, bytes[NonceStamp.Length..]);
        Base64Url.EncodeToUtf8(bytes, text, out _, out _);
    }

    /// <summary>Whether a nonce was made by us, for this address.</summary>
    /// <param name="text">The nonce.</param>
    /// <param name="source">Address that it came from.</param>
    /// <param name="stamp">When it was made.</param>
    public bool TryRead(ReadOnlySpan<byte> text, IPAddress? source, out NonceStamp stamp)
    {
        stamp = default;
        Span<byte> bytes = stackalloc byte[NonceStamp.Length + MacLength];
        if (text.Length != TextLength
            || Base64Url.DecodeFromUtf8(text, bytes, out _, out var length) != OperationStatus.Done
            || length != bytes.Length)
            return false;
        Span<byte> mac = stackalloc byte[MacLength];
        Mac(bytes[..NonceStamp.Length], source, mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, bytes[NonceStamp.Length..]))
            return false;
        stamp = NonceStamp.Read(bytes);
        return true;
    }

    // The port is left out: a NAT gives a phone another one from time to time.
    private void Mac(ReadOnlySpan<byte> stamp, IPAddress? source, Span<byte> mac)
    {
        Span<byte> data = stackalloc byte[NonceStamp.Length + AddressLength + 1];
        data.Clear();
        stamp.CopyTo(data);
        if (source is not null)
        {
            var address = data.Slice(NonceStamp.Length, AddressLength);
            if (source.AddressFamily == AddressFamily.InterNetwork)
            {
                // As an IPv6 socket shows it: a phone is the same over either.
                address[10] = address[11] = 0xFF;
                address = address[12..];
            }

            source.TryWriteBytes(address, out _);
            data[^1] = 1;
        }

        Span<byte> full = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(full, SipHash.Hash128(_key, data));
        full[..MacLength].CopyTo(mac);
    }
}
