namespace Atm0s.Sip.Media.Srtp;

/// <summary>
/// Where what follows a protected packet stands: index of SRTCP, key identifier, tag (RFC 3711 §3.1, §3.4); with AEAD the tag comes first
/// (RFC 7714 §8.2, §9.2).
/// </summary>
internal readonly ref struct SrtpLayout
{
    private readonly int _word;
    private readonly int _wordLength;
    private readonly int _identifier;
    private readonly int _identifierLength;
    private readonly int _tag;
    private readonly int _tagLength;

    /// <param name="key">The key.</param>
    /// <param name="length">Length of what it follows.</param>
    /// <param name="word">Length of the word with the index.</param>
    /// <param name="tag">Length of the tag.</param>
    public SrtpLayout(SrtpKey key, int length, int word, int tag)
    {
        (_wordLength, _identifierLength, _tagLength) = (word, key.Identifier.Length, tag);
        Length = length + word + tag + _identifierLength;
        if (key.Suite.IsAead)
        {
            _tag = length;
            _word = length + tag;
            _identifier = _word + word;
            return;
        }

        _word = length;
        _identifier = length + word;
        _tag = _identifier + _identifierLength;
    }

    /// <summary>Length of the whole.</summary>
    public int Length { get; }

    /// <summary>The word with the index of SRTCP.</summary>
    public Span<byte> Word(Span<byte> buffer) => buffer.Slice(_word, _wordLength);

    /// <summary>The identifier of the key.</summary>
    public Span<byte> Identifier(Span<byte> buffer) => buffer.Slice(_identifier, _identifierLength);

    /// <summary>The tag.</summary>
    public Span<byte> Tag(Span<byte> buffer) => buffer.Slice(_tag, _tagLength);
}
