namespace Atm0s.Sip.Media.Jitter;

/// <summary>Decoded samples in order, in memory allocated once: when the first ones come.</summary>
/// <param name="capacity">Samples it may hold.</param>
internal sealed class PcmQueue(int capacity)
{
    private short[] _samples = [];
    private int _head;
    private int _end;

    public int Count => _end - _head;

    /// <summary>The samples waiting, oldest first.</summary>
    public Span<short> Content => _samples.AsSpan(_head, Count);

    /// <summary>Room behind the last sample, as long as there is any; <see cref="Append"/> makes it part of the content.</summary>
    public Span<short> Free(int length)
    {
        if (_samples.Length == 0)
            _samples = new short[capacity];
        if (_samples.Length - _end < length)
        {
            Content.CopyTo(_samples);
            _end = Count;
            _head = 0;
        }

        return _samples.AsSpan(_end, Math.Min(length, _samples.Length - _end));
    }

    public void Append(int length) => _end += length;

    /// <summary>Takes samples off the front.</summary>
    public void Drop(int length) => _head += Math.Min(length, Count);

    /// <summary>Puts silence before the first sample.</summary>
    public void Prepend(int length)
    {
        var count = Count;
        Free(length);
        Append(length);
        var content = Content;
        content[..count].CopyTo(content[^count..]);
        content[..^count].Clear();
    }

    public void Clear() => _head = _end = 0;
}
