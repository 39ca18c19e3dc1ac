namespace Atm0s.Sip.Core.Transport.Tls;

/// <summary>Where the records of TLS begin and end in what has come (RFC 8446 §5.1: five bytes, the last two of them the length).</summary>
internal struct TlsRecordFrames
{
    private const int HeaderLength = 5;

    private int _header; // bytes of it
    private int _length;
    private int _missing; // of the body

    /// <summary>Records that came whole.</summary>
    public int Whole { get; private set; }

    /// <summary>Whether a part of one is there.</summary>
    public readonly bool HasPart => _header > 0;

    /// <summary>More has come.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_header < HeaderLength)
            {
                _length = (_length << 8) | bytes[0];
                bytes = bytes[1..];
                if (++_header == HeaderLength)
                    _missing = _length & 0xFFFF;
            }
            else
            {
                var taken = Math.Min(_missing, bytes.Length);
                bytes = bytes[taken..];
                _missing -= taken;
            }

            if (_header == HeaderLength && _missing == 0)
                (_header, _length, Whole) = (0, 0, Whole + 1);
        }
    }
}
