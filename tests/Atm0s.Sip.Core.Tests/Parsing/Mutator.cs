namespace Atm0s.Sip.Core.Tests.Parsing;

/// <summary>Makes wrong messages out of right ones, the same for the same seed.</summary>
internal sealed class Mutator(int seed, byte[][] corpus)
{
    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "\r\n", "\r", "\n", "\r\n ", "\r\n\r\n", "\0", "\"", "\\", "\\\0", "<", ">", ";", ",", ":", "=", "@", "?", "%00", "%", "[",
                "]", "*", "\t", " ", "\x7f",
            "SIP/2.0", "sip:", "-1", "99999999999999999999", "4294967296", "Content-Length: 5\r\n", "l: 0\r\n",
                "Via: SIP/2.0/UDP x;rport\r\n", ";tag=", ";branch=z9hG4bK",
            "Via:\r\n", "To: \"\r\n", "\u00ff\u00fe",
        }.Select(Views.Bytes),
    ];

    private readonly Random _random = new(seed);

    public byte[] Next()
    {
        if (_random.Next(50) == 0)
            return Noise(_random.Next(0, 400));
        var message = corpus[_random.Next(corpus.Length)].ToList();
        for (var changes = _random.Next(1, 5); changes > 0; changes--)
            Change(message);
        return [.. message];
    }

    private void Change(List<byte> message)
    {
        // Most changes go to the head, where the grammar is.
        var at = _random.Next(0, Math.Min(message.Count, _random.Next(2) == 0 ? 200 : int.MaxValue) + 1);
        var length = Math.Min(_random.Next(1, 40), message.Count - at);
        switch (_random.Next(7))
        {
            case 0:
                message.RemoveRange(at, message.Count - at);
                break;
            case 1:
                message.RemoveRange(at, length);
                break;
            case 2:
                message.InsertRange(at, Pieces[_random.Next(Pieces.Length)]);
                break;
            case 3:
                message.InsertRange(at, message.GetRange(at, length));
                break;
            case 4:
                var other = corpus[_random.Next(corpus.Length)];
                var from = _random.Next(0, other.Length);
                message.InsertRange(at, other[from..Math.Min(other.Length, from + length)]);
                break;
            case 5 when at < message.Count:
                message[at] = (byte)_random.Next(256);
                break;
            default:
                if (at < message.Count)
                    message[at] ^= (byte)(1 << _random.Next(8));
                break;
        }
    }

    private byte[] Noise(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }
}
