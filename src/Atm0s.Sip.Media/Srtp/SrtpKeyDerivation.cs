using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Atm0s.Sip.Media.Srtp;

/// <summary>Session keys from a master key: AES in counter mode as pseudo-random function (RFC 3711 §4.3.3, RFC 6188 §3).</summary>
internal static class SrtpKeyDerivation
{
    private const int BlockLength = 16;

    // The label stands above the 48 bits of the index, in a salt of 112 bits (RFC 3711 §4.3.1).
    private const int LabelPlace = 7;

    /// <summary>Derives one key. The key derivation rate is zero, so each is derived once.</summary>
    /// <param name="master">Master key and salt; a salt of 96 bits is followed by zeros (RFC 7714 §11).</param>
    /// <param name="label">Which one.</param>
    /// <param name="destination">Receives it.</param>
    public static void Derive(SrtpKey master, SrtpLabel label, Span<byte> destination) =>
        Derive(master.Key, master.Salt, label, destination);

    /// <summary>Derives one key.</summary>
    /// <param name="masterKey">Master key, 128 or 256 bits.</param>
    /// <param name="masterSalt">Master salt, at most 112 bits.</param>
    /// <param name="label">Which one.</param>
    /// <param name="destination">Receives it.</param>
    public static void Derive(
        ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, SrtpLabel label, Span<byte> destination)
    {
        using var aes = Aes.Create();
        aes.SetKey(masterKey);
        Span<byte> input = stackalloc byte[BlockLength];
        Span<byte> output = stackalloc byte[BlockLength];
        input.Clear();
        masterSalt.CopyTo(input);
        input[LabelPlace] ^= (byte)label;
        for (ushort block = 0; !destination.IsEmpty; block++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(input[14..], block);
            aes.EncryptEcb(input, output, PaddingMode.None);
            var length = Math.Min(destination.Length, BlockLength);
            output[..length].CopyTo(destination);
            destination = destination[length..];
        }

        CryptographicOperations.ZeroMemory(output);
    }
}
