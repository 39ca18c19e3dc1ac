using System.Text;

namespace Atm0s.Sip.Interop.Torture;

/// <summary>Datagrams that are no SIP message: random bytes, and messages cut short. The same for the same seed.</summary>
internal sealed class MalformedDatagrams(int seed)
{
    private const string Sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n";
    private static readonly byte[][] Whole =
    [
        Message("INVITE sip:open-hall@127.0.0.1 SIP/2.0", "INVITE", Sdp),
        Message("REGISTER sip:test.local SIP/2.0", "REGISTER", ""),
        Message("OPTIONS sip:127.0.0.1 SIP/2.0", "OPTIONS", ""),
        Message("BYE sip:open-hall@127.0.0.1 SIP/2.0", "BYE", ""),
        Message("SIP/2.0 200 OK", "INVITE", Sdp),
    ];

    private readonly Random _random = new(seed);
    private readonly byte[] _buffer = new byte[1400];

    /// <summary>The next one; valid until the one after it.</summary>
    public ReadOnlySpan<byte> Next()
    {
        if (_random.Next(2) == 0)
        {
            var noise = _buffer.AsSpan(0, _random.Next(1, _buffer.Length));
            _random.NextBytes(noise);
            return noise;
        }

        // At least one byte of the end is gone: the empty line is not there, or the body is shorter than it says.
        var message = Whole[_random.Next(Whole.Length)];
        return message.AsSpan(0, _random.Next(1, message.Length));
    }

    private static byte[] Message(string start, string method, string body) => Encoding.ASCII.GetBytes(
        $"{start}\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKcut{method};rport\r\nMax-Forwards: 70\r\nFrom: "
            + $"<sip:cut@test.local>;tag=cut\r\n" +
        $"To: <sip:cut@test.local>\r\nCall-ID: cut{method}\r\nCSeq: 1 {method}\r\nContact: <sip:cut@127.0.0.1:9>\r\n" +
        $"{(body.Length > 0 ? "Content-Type: application/sdp\r\n" : "")}Content-Length: {body.Length}\r\n\r\n{body}");
}
