namespace Atm0s.Sip.LoadGenerator.Native;

/// <summary>The arrays behind a batch of datagrams in one direction: entries, segments, addresses, sources and bytes.</summary>
internal readonly unsafe struct DatagramBatch
{
    private readonly int _count;
    private readonly int _maxDatagram;
    private readonly Segment* _segments;
    private readonly SourceControl* _sources;
    private readonly byte* _bytes;

    public DatagramBatch(byte* memory, int count, int maxDatagram, bool withSource)
    {
        (_count, _maxDatagram) = (count, maxDatagram);
        Entries = (BatchEntry*)memory;
        _sources = (SourceControl*)(Entries + count);
        _segments = (Segment*)(_sources + count);
        Names = (SocketAddress4*)(_segments + count);
        _bytes = (byte*)(Names + count);
        for (var i = 0; i < count; i++)
        {
            _segments[i] = new Segment { Start = _bytes + (i * maxDatagram), Length = (nuint)maxDatagram };
            Entries[i].Header = new MessageHeader
            {
                Name = Names + i,
                NameLength = (uint)sizeof(SocketAddress4),
                Segments = _segments + i,
                SegmentCount = 1,
                Control = withSource ? _sources + i : null,
                ControlLength = withSource ? (nuint)sizeof(SourceControl) : 0,
            };
        }
    }

    public BatchEntry* Entries { get; }

    public SocketAddress4* Names { get; }

    public static nuint Size(int count, int maxDatagram) =>
        (nuint)(count * (sizeof(BatchEntry) + sizeof(SourceControl) + sizeof(Segment) + sizeof(SocketAddress4) + maxDatagram));

    public Span<byte> Buffer(int index) => new(_bytes + (index * _maxDatagram), _maxDatagram);

    public void Set(int index, int length, uint source, SocketAddress4 destination)
    {
        _segments[index].Length = (nuint)length;
        _sources[index] = new SourceControl(source);
        Names[index] = destination;
    }

    /// <summary>Makes all entries ready to be received into.</summary>
    public void Reset()
    {
        for (var i = 0; i < _count; i++)
            Entries[i].Header.NameLength = (uint)sizeof(SocketAddress4);
    }
}
