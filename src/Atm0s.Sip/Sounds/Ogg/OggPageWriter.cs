using System.Buffers.Binary;

namespace Atm0s.Sip.Sounds.Ogg;

/// <summary>Puts packets into pages (RFC 3533 §6). A page is written whole, so that a file is readable wherever it ends.</summary>
/// <param name="output">Where to.</param>
/// <param name="serial">Number of the stream.</param>
internal sealed class OggPageWriter(Stream output, uint serial)
{
    private const int MaxSegments = 255;

    private readonly List<byte> _lacing = [];
    private readonly List<byte> _body = [];
    private uint _sequence;
    private bool _hasBegun;

    /// <summary>Whether a packet of a size still fits on the page.</summary>
    public bool Fits(int length) => _lacing.Count + (length / 255) + 1 <= MaxSegments;

    /// <summary>Whether packets wait for their page.</summary>
    public bool HasPackets => _lacing.Count > 0;

    /// <summary>Adds a packet that fits.</summary>
    public void Add(ReadOnlySpan<byte> packet)
    {
        var length = packet.Length;
        for (; length >= 255; length -= 255)
            _lacing.Add(255);
        _lacing.Add((byte)length);
        _body.AddRange(packet);
    }

    /// <summary>Writes the page.</summary>
    /// <param name="granulePosition">Samples at 48 kHz up to its end.</param>
    /// <param name="isLast">Whether no other follows.</param>
    public void Write(long granulePosition, bool isLast = false)
    {
        var page = new byte[OggPage.HeaderLength + _lacing.Count + _body.Count];
        "OggS"u8.CopyTo(page);
        page[5] = (byte)((_hasBegun ? 0 : OggPage.First) | (isLast ? OggPage.Last : 0));
        BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(6), granulePosition);
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(14), serial);
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(18), _sequence++);
        page[26] = (byte)_lacing.Count;
        _lacing.CopyTo(page, OggPage.HeaderLength);
        _body.CopyTo(page, OggPage.HeaderLength + _lacing.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(22), OggCrc.Append(0, page));
        _hasBegun = true;
        _lacing.Clear();
        _body.Clear();
        output.Write(page);
    }
}
