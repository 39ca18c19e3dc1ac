namespace Atm0s.Sip.Sounds.Ogg;

/// <summary>
/// The packets of the first Opus stream of an Ogg file. What is damaged is passed over: reading goes on at the next page whose checksum is
/// right (RFC 3533 §5), until too many were not.
/// </summary>
internal sealed class OggPackets(ReadOnlyMemory<byte> file)
{
    private const int MaxPacket = 1 << 20;
    private const int MaxDamaged = 1000;    // pages; each costs a checksum of up to 65,307 bytes

    private readonly List<byte> _partial = [];
    private readonly Queue<byte[]> _ready = new();
    private int _at;
    private int _damaged;
    private uint? _serial;
    private uint _nextSequence;
    private bool _isPartial;

    /// <summary>Granule position of the last page that had one (RFC 7845 §4).</summary>
    public long GranulePosition { get; private set; } = -1;

    public static bool IsOgg(ReadOnlySpan<byte> file) => file.StartsWith("OggS"u8);

    /// <summary>The next packet; null at the end.</summary>
    public byte[]? Read()
    {
        while (_ready.Count == 0)
        {
            if (!NextPage())
                return null;
        }

        return _ready.Dequeue();
    }

    private bool NextPage()
    {
        var bytes = file.Span;
        while (true)
        {
            var next = _at >= bytes.Length ? -1 : bytes[_at..].IndexOf("OggS"u8);
            if (next < 0)
                return false;
            _at += next;
            if (!OggPage.TryRead(bytes[_at..], out var page))
            {
                if (++_damaged > MaxDamaged)
                    return false;
                _at++;
                continue;
            }

            _at += page.Length;
            if (_serial is null && (page.Flags & OggPage.First) != 0 && page.Body.StartsWith("OpusHead"u8))
                (_serial, _nextSequence) = (page.Serial, page.Sequence);
            if (page.Serial != _serial)
                continue;
            Take(page);
            return true;
        }
    }

    private void Take(OggPage page)
    {
        // A page is missing: what began before it has no end.
        if (page.Sequence != _nextSequence)
            Drop();
        _nextSequence = page.Sequence + 1;
        var isContinued = (page.Flags & OggPage.Continued) != 0;
        if (!isContinued)
            Drop();
        var skips = isContinued && !_isPartial;
        var body = page.Body;
        foreach (var size in page.Lacing)
        {
            if (!skips && _partial.Count + size <= MaxPacket)
                _partial.AddRange(body[..size]);
            body = body[size..];
            _isPartial = size == 255;
            if (_isPartial)
                continue;
            if (!skips)
                _ready.Enqueue([.. _partial]);
            skips = false;
            _partial.Clear();
        }

        if (page.GranulePosition >= 0)
            GranulePosition = page.GranulePosition;
    }

    private void Drop()
    {
        _partial.Clear();
        _isPartial = false;
    }
}
