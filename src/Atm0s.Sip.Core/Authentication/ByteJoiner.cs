namespace Atm0s.Sip.Core.Authentication;

/// <summary>Joins parts with colons, in a buffer of the caller's as long as it suffices.</summary>
internal ref struct ByteJoiner(Span<byte> buffer)
{
    private Span<byte> _buffer = buffer;
    private int _length;

    public readonly ReadOnlySpan<byte> Bytes => _buffer[.._length];

    public void Add(scoped ReadOnlySpan<byte> part)
    {
        Begin(part.Length);
        part.CopyTo(_buffer[_length..]);
        _length += part.Length;
    }

    private void Begin(int more)
    {
        if (_length + more + 1 > _buffer.Length)
        {
            Span<byte> larger = new byte[(_length + more + 1) * 2];
            Bytes.CopyTo(larger);
            _buffer = larger;
        }

        if (_length > 0)
            _buffer[_length++] = (byte)':';
    }
}
