using Atm0s.Sip.Core.Cryptography;

namespace Atm0s.Sip.Core.Requests;

/// <summary>The identifiers of a live server: 96 bits (Call-ID: 128) from the operating system's generator. Thread-safe.</summary>
public sealed class RandomSipIds : ISipIdGenerator
{
    private const string Cookie = "z9hG4bK";

    /// <inheritdoc/>
    public string NewTag() => NewHex(string.Empty, 12);

    /// <inheritdoc/>
    public string NewBranch() => NewHex(Cookie, 12);

    /// <inheritdoc/>
    public string NewCallId() => NewHex(string.Empty, 16);

    /// <inheritdoc/>
    // Small enough that a call never wraps (RFC 3261 §12.2.1.1) and that it stays readable in traces.
    public uint NewCSeq() => 1 + RandomBlock.Next(ushort.MaxValue);

    /// <inheritdoc/>
    public int Next(int exclusiveMaximum)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMaximum);
        return (int)RandomBlock.Next((uint)exclusiveMaximum);
    }

    // Hexadecimal, because tags and branches are compared without regard to case (RFC 3261 §7.3.1).
    private static string NewHex(string prefix, int bytes) =>
        string.Create(prefix.Length + (bytes * 2), prefix, static (chars, prefix) =>
        {
            Span<byte> random = stackalloc byte[16];
            random = random[..((chars.Length - prefix.Length) / 2)];
            RandomBlock.Fill(random);
            prefix.CopyTo(chars);
            Convert.TryToHexStringLower(random, chars[prefix.Length..], out _);
        });
}
