using System.Text;

namespace Atm0s.Sip.Fuzz.Driver;

/// <summary>Makes inputs out of good ones, the same for the same seed.</summary>
internal sealed class InputMutator(int seed, IReadOnlyList<byte[]> corpus)
{
    private const int MaxLength = 65_535;

    /// <summary>What messages are made of, and what breaks them.</summary>
    public static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "\r\n", "\r", "\n", "\r\n ", "\r\n\r\n", "\0", "\"", "\\", "<", ">", ";", ",", ":", "=", "@", "?", "%00", "%", "[", "]", "*",
                "\t",
            "SIP/2.0", "sip:", "-1", "4294967296", "99999999999999999999", "Content-Length: 5\r\n", "l: 0\r\n", ";tag=", ";tag=1",
                ";branch=z9hG4bK",
            "Via: SIP/2.0/UDP x;rport\r\n", "m=audio 0 RTP/AVP 0\r\n", "a=rtpmap:0 ", "c=IN IP4 0.0.0.0\r\n", "a=sendonly\r\n",
                "a=fmtp:101 0-15",
            "Replaces: a;to-tag=b;from-tag=c\r\n", "Require: 100rel\r\n", "RSeq: 1\r\n", "RAck: 1 1 INVITE\r\n", "Session-Expires: 90\r\n",
            "Digest ", "nc=00000001", "qop=auth", "stale=true", "algorithm=MD5-sess", "----\r\n", "\u00ff\u00fe",
        }.Select(Encoding.Latin1.GetBytes),
        [0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF], [0x7F, 0xFF], [0x80, 0], [0x90, 8], [0x80, 201, 0, 1],
    ];

    private readonly Random _random = new(seed);

    /// <summary>The next one.</summary>
    public byte[] Next()
    {
        if (corpus.Count == 0 || _random.Next(50) == 0)
        {
            var noise = new byte[_random.Next(0, 400)];
            _random.NextBytes(noise);
            return noise;
        }

        var input = corpus[_random.Next(corpus.Count)].ToList();
        for (var changes = _random.Next(1, 6); changes > 0; changes--)
            Change(input);
        return input.Count > MaxLength ? [.. input.Take(MaxLength)] : [.. input];
    }

    private void Change(List<byte> input)
    {
        var at = _random.Next(0, input.Count + 1);
        var length = Math.Min(_random.Next(1, 1 << _random.Next(1, 9)), input.Count - at);
        switch (_random.Next(9))
        {
            case 0:
                input.RemoveRange(at, input.Count - at);
                break;
            case 1:
                input.RemoveRange(at, length);
                break;
            case 2 or 3:
                input.InsertRange(at, Pieces[_random.Next(Pieces.Length)]);
                break;
            case 4:
                for (var times = _random.Next(1, 20); times > 0; times--)
                    input.InsertRange(at, input.GetRange(at, length));
                break;
            case 5:
                var other = corpus[_random.Next(corpus.Count)];
                var from = _random.Next(0, other.Length + 1);
                input.InsertRange(at, other[from..Math.Min(other.Length, from + _random.Next(1, 200))]);
                break;
            case 6 when at < input.Count:
                input[at] = (byte)_random.Next(256);
                break;
            case 7 when at < input.Count:
                input[at] += (byte)_random.Next(-4, 5);
                break;
            default:
                if (at < input.Count)
                    input[at] ^= (byte)(1 << _random.Next(8));
                break;
        }
    }
}
