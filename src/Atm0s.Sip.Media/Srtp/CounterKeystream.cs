using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Atm0s.Sip.Media.Srtp;

/// <summary>The key stream of AES in counter mode (RFC 3711 §4.1.1), a packet's worth of blocks at once. Not thread-safe.</summary>
internal sealed class CounterKeystream : IDisposable
{
    /// <summary>Bytes of a block.</summary>
    public const int BlockLength = 16;

    // More than a packet of usual audio; longer ones take several rounds.
    private const int BlocksPerRound = 16;

    [ThreadStatic]
    private static byte[]? _threadCounters;

    [ThreadStatic]
    private static byte[]? _threadStream;

    private readonly Aes _aes = Aes.Create();
    private readonly ICryptoTransform _encryptor;

    public CounterKeystream(ReadOnlySpan<byte> key)
    {
        _aes.Mode = CipherMode.ECB;
        _aes.Padding = PaddingMode.None;
        _aes.SetKey(key);
        _encryptor = _aes.CreateEncryptor();
    }

    /// <summary>Encrypts or decrypts in place.</summary>
    /// <param name="iv">The first counter block; its last 16 bits count.</param>
    /// <param name="text">At most 2^20 bytes.</param>
    public void Apply(ReadOnlySpan<byte> iv, Span<byte> text)
    {
        var counters = _threadCounters ??= new byte[BlocksPerRound * BlockLength];
        var stream = _threadStream ??= new byte[BlocksPerRound * BlockLength];
        for (var block = 0; !text.IsEmpty;)
        {
            var blocks = Math.Min(BlocksPerRound, (text.Length + BlockLength - 1) / BlockLength);
            for (var i = 0; i < blocks; i++, block++)
            {
                var counter = counters.AsSpan(i * BlockLength, BlockLength);
                iv.CopyTo(counter);
                BinaryPrimitives.WriteUInt16BigEndian(counter[14..], (ushort)block);
            }

            _encryptor.TransformBlock(counters, 0, blocks * BlockLength, stream, 0);
            var length = Math.Min(text.Length, blocks * BlockLength);
            Xor(text[..length], stream);
            text = text[length..];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _encryptor.Dispose();
        _aes.Dispose();
    }

    private static void Xor(Span<byte> text, ReadOnlySpan<byte> stream)
    {
        var i = 0;
        for (; i <= text.Length - Vector<byte>.Count; i += Vector<byte>.Count)
            (new Vector<byte>(text[i..]) ^ new Vector<byte>(stream[i..])).CopyTo(text[i..]);
        for (; i < text.Length; i++)
            text[i] ^= stream[i];
    }
}
