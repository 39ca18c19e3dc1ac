using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace Atm0s.Sip.Core.Sdp;

/// <summary>
/// Reads session descriptions (RFC 8866), forgiving where phones err (bare LF, no last line end) and strict in size. Never throws.
/// </summary>
public static class SdpParser
{
    /// <summary>Reads one description.</summary>
    /// <param name="bytes">The body.</param>
    /// <param name="limits">Size limits.</param>
    /// <param name="description">What was read.</param>
    /// <param name="refusal">Why nothing was.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes, SdpLimits limits, [NotNullWhen(true)] out SessionDescription? description, out SdpRefusal refusal)
    {
        description = null;
        if (bytes.IsEmpty)
        {
            refusal = SdpRefusal.Empty;
            return false;
        }

        if (bytes.Length > limits.MaxSize)
        {
            refusal = SdpRefusal.TooLarge;
            return false;
        }

        if (bytes.Contains((byte)0) || !Utf8.IsValid(bytes))
        {
            refusal = SdpRefusal.BadCharacter;
            return false;
        }

        var builder = new SessionBuilder(limits);
        var text = ArrayPool<char>.Shared.Rent(bytes.Length);
        refusal = Read(text.AsSpan(0, Encoding.UTF8.GetChars(bytes, text)), builder);
        ArrayPool<char>.Shared.Return(text);
        if (refusal == SdpRefusal.None)
            refusal = builder.TryBuild(out description);
        return refusal == SdpRefusal.None;
    }

    private static SdpRefusal Read(ReadOnlySpan<char> text, SessionBuilder builder)
    {
        var first = true;
        // RFC 8866 §5: CRLF, and LF alone is to be tolerated; CR alone comes with them. EnumerateLines would also cut at U+2028 and its
        // like, which are text.
        foreach (var range in text.SplitAny('\r', '\n'))
        {
            var line = text[range].TrimEnd();
            if (line.IsEmpty)
                continue;
            if (line.Length < 2 || line[1] != '=')
                return SdpRefusal.BadLine;
            var value = line[2..];
            if (first)
            {
                if (line[0] != 'v' || value.Trim() is not "0")
                    return SdpRefusal.BadVersion;
                first = false;
                continue;
            }

            var refusal = builder.Add(line[0], value);
            if (refusal != SdpRefusal.None)
                return refusal;
        }

        return first ? SdpRefusal.Empty : SdpRefusal.None;
    }
}
