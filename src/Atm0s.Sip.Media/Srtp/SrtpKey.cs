namespace Atm0s.Sip.Media.Srtp;

/// <summary>A master key with its salt, for one direction (RFC 3711 §3.2.1). Its text never shows it.</summary>
public sealed class SrtpKey
{
    /// <summary>The longest master key identifier (RFC 4568 §6.1).</summary>
    public const int MaxIdentifierLength = 128;

    private readonly byte[] _key;
    private readonly byte[] _salt;
    private readonly byte[] _identifier;

    /// <summary>Copies a key.</summary>
    /// <param name="suite">What it is for.</param>
    /// <param name="key">Master key, <see cref="SrtpSuite.KeyLength"/> bytes.</param>
    /// <param name="salt">Master salt, <see cref="SrtpSuite.SaltLength"/> bytes.</param>
    /// <param name="identifier">Master key identifier that each packet bears (RFC 3711 §3.1, MKI); empty for none.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    public SrtpKey(SrtpSuite suite, ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> identifier = default)
    {
        ArgumentNullException.ThrowIfNull(suite);
        if (key.Length != suite.KeyLength)
            throw new ArgumentException($"{suite} has keys of {suite.KeyLength} bytes.", nameof(key));
        if (salt.Length != suite.SaltLength)
            throw new ArgumentException($"{suite} has salts of {suite.SaltLength} bytes.", nameof(salt));
        if (identifier.Length > MaxIdentifierLength)
            throw new ArgumentException($"An identifier has at most {MaxIdentifierLength} bytes.", nameof(identifier));
        Suite = suite;
        _key = key.ToArray();
        _salt = salt.ToArray();
        _identifier = identifier.ToArray();
    }

    /// <summary>What it is for.</summary>
    public SrtpSuite Suite { get; }

    internal ReadOnlySpan<byte> Key => _key;

    internal ReadOnlySpan<byte> Salt => _salt;

    internal ReadOnlySpan<byte> Identifier => _identifier;

    /// <summary>Tells the suite alone.</summary>
    public override string ToString() => $"key of {Suite}";
}
