using System.Buffers;
using System.Text;

namespace Atm0s.Sip.Registrar;

/// <summary>Texts that many phones have in common, such as User-Agent, as one string each. A bounded number of them. Any thread.</summary>
internal sealed class SharedTexts
{
    private const int MaxTexts = 512;
    private const int MaxLength = 128;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

    /// <summary>The text, as the string that others have too, if there is one.</summary>
    /// <param name="text">UTF-8.</param>
    public string Of(ReadOnlySpan<byte> text)
    {
        if (text.Length > MaxLength)
            return Encoding.UTF8.GetString(text);
        Span<char> buffer = stackalloc char[MaxLength];
        ReadOnlySpan<char> chars = buffer[..Encoding.UTF8.GetChars(text, buffer)];
        lock (_lock)
        {
            if (_texts.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(chars, out var known))
                return known;
            known = new string(chars);
            if (_texts.Count < MaxTexts)
                _texts.Add(known);
            return known;
        }
    }
}
