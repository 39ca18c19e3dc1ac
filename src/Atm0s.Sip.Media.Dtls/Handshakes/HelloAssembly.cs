using System.Buffers.Binary;

namespace Atm0s.Sip.Media.Dtls.Handshakes;

/// <summary>
/// Puts a ClientHello together that comes in fragments (RFC 6347 §4.2.3): browsers offer keys for which one datagram is too small, and who
/// checks the cookie wants to see all of it. Keeps the fragments of one message, 8 KiB at most. One thread at a time.
/// </summary>
internal sealed class HelloAssembly
{
    /// <summary>The largest ClientHello.</summary>
    public const int MaxLength = 8 * 1024;

    private const int RecordHeader = 13;
    private const int MessageHeader = 12;
    private const byte Handshake = 22;
    private const byte ClientHello = 1;

    private byte[] _body = [];
    private bool[] _has = [];
    private int _missing;
    private int _sequence = -1;

    /// <summary>A datagram came.</summary>
    /// <param name="datagram">One or more records.</param>
    /// <returns>A datagram with the whole message; the same one where it has it, and null while a part is missing.</returns>
    public byte[]? Add(byte[] datagram)
    {
        ReadOnlySpan<byte> rest = datagram;
        while (rest.Length >= RecordHeader + MessageHeader)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest[11..]);
            if (rest[0] != Handshake || length < MessageHeader || RecordHeader + length > rest.Length)
                return null;
            var record = rest[..(RecordHeader + length)];
            rest = rest[record.Length..];
            if (record[RecordHeader] != ClientHello)
                return null;
            if (IsWhole(record))
                return datagram;
            if (TryAdd(record))
                return Whole(record);
        }

        return null;
    }

    private static int Read24(ReadOnlySpan<byte> bytes) => (bytes[0] << 16) | (bytes[1] << 8) | bytes[2];

    private static bool IsWhole(ReadOnlySpan<byte> record) => Read24(record[(RecordHeader + 6)..]) == 0
        && Read24(record[(RecordHeader + 9)..]) == Read24(record[(RecordHeader + 1)..]);

    // Whether nothing is missing any more.
    private bool TryAdd(ReadOnlySpan<byte> record)
    {
        var message = record[RecordHeader..];
        var (total, offset, count) = (Read24(message[1..]), Read24(message[6..]), Read24(message[9..]));
        var fragment = message[MessageHeader..];
        if (total is 0 or > MaxLength || count != fragment.Length || offset + count > total)
            return false;
        var sequence = BinaryPrimitives.ReadUInt16BigEndian(message[4..]);
        if (sequence != _sequence || total != _body.Length)
            (_sequence, _body, _has, _missing) = (sequence, new byte[total], new bool[total], total);
        fragment.CopyTo(_body.AsSpan(offset));
        foreach (ref var has in _has.AsSpan(offset, count))
        {
            _missing -= has ? 0 : 1;
            has = true;
        }

        return _missing == 0;
    }

    // As if it had come in the record of its last fragment.
    private byte[] Whole(ReadOnlySpan<byte> record)
    {
        var whole = new byte[RecordHeader + MessageHeader + _body.Length];
        record[..(RecordHeader + MessageHeader)].CopyTo(whole);
        BinaryPrimitives.WriteUInt16BigEndian(whole.AsSpan(11), (ushort)(MessageHeader + _body.Length));
        var message = whole.AsSpan(RecordHeader);
        message.Slice(6, 3).Clear();
        message.Slice(1, 3).CopyTo(message[9..]);
        _body.CopyTo(message[MessageHeader..]);
        (_sequence, _body, _has) = (-1, [], []);
        return whole;
    }
}
