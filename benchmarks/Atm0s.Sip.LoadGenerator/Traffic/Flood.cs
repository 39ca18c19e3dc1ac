using System.Security.Cryptography;
using System.Text;
using Atm0s.Sip.LoadGenerator.Native;
using Atm0s.Sip.LoadGenerator.Statistics;
using Atm0s.Sip.LoadGenerator.Wire;

namespace Atm0s.Sip.LoadGenerator.Traffic;

/// <summary>Requests of strangers at a rate, whatever comes back: each of another user, dialog and branch, from many sources.</summary>
internal sealed class Flood : IDisposable
{
    private const int Burst = 64;
    private readonly UdpPort _socket = new();
    private readonly FloodKind _kind;
    private readonly SocketAddress4 _server;
    private readonly byte[] _domain;
    private readonly byte[] _number;
    private readonly SipWriter _writer = new(2048);
    private readonly SipWriter _body = new(512);
    private readonly int _firstSource;
    private readonly int _sources;
    private readonly uint _run = (uint)RandomNumberGenerator.GetInt32(int.MaxValue);
    private readonly long[] _answers = new long[700];
    private uint _next;

    /// <param name="target">The server.</param>
    /// <param name="kind">What is sent.</param>
    /// <param name="pacer">How often.</param>
    /// <param name="sources">The number of the first source, and how many there are.</param>
    /// <param name="number">What INVITEs call.</param>
    public Flood(Target target, FloodKind kind, Pacer pacer, (int First, int Count) sources, string number)
    {
        (_kind, Pacer, _server) = (kind, pacer, target.Address);
        (_firstSource, _sources) = sources;
        _domain = Encoding.ASCII.GetBytes(target.Domain);
        _number = Encoding.ASCII.GetBytes(number);
    }

    public Pacer Pacer { get; }

    public long Sent => _socket.Sent;

    public long SentBytes => _socket.SentBytes;

    public long Answered => _socket.Received;

    public long AnsweredBytes => _socket.ReceivedBytes;

    public long Drops => _socket.Drops;

    public long Next => IsStopped ? long.MaxValue : Pacer.Due;

    /// <summary>Sends no more; answers are still counted.</summary>
    public bool IsStopped { get; set; }

    public PollEntry ForPoll => _socket.ForPoll;

    /// <summary>For people: <c>401 x 12, 503 x 1</c>.</summary>
    public string AnswersText =>
        string.Join(", ", _answers.Index().Where(entry => entry.Item > 0).Select(entry => $"{entry.Index} x {entry.Item}"));

    /// <summary>Sends what is due.</summary>
    public void Send(long now)
    {
        for (var i = 0; i < Burst && !IsStopped && Pacer.TryTake(now, out _); i++)
        {
            Write();
            _socket.Send(_writer.Written, Loopback.Source(_firstSource + (int)(_next % (uint)_sources)), _server);
        }

        _socket.Flush();
    }

    /// <summary>Counts what has come.</summary>
    public bool Receive()
    {
        var count = _socket.Receive();
        for (var i = 0; i < count; i++)
            _answers[Math.Min(SipReader.Status(_socket.Message(i)), 699)]++;
        return count > 0;
    }

    public void Dispose() => _socket.Dispose();

    private void Write()
    {
        var unique = ++_next;
        var source = Loopback.Source(_firstSource + (int)(unique % (uint)_sources));
        var method = _kind switch { FloodKind.Register => "REGISTER"u8, FloodKind.Invite => "INVITE"u8, _ => "OPTIONS"u8 };
        var writer = _writer.Begin().Text(method).Text(" sip:"u8);
        if (_kind == FloodKind.Invite)
            writer.Text(_number).Text("@"u8);
        writer.Text(_domain).Text(" SIP/2.0\r\nVia: SIP/2.0/UDP "u8).Address(source).Text(":"u8).Number(_socket.Port)
            .Text(";rport;branch=z9hG4bKfl"u8).Hex(_run).Hex(unique)
            .Text("\r\nMax-Forwards: 70\r\nFrom: <sip:s"u8).Hex(unique).Text("@"u8).Text(_domain).Text(">;tag=fl"u8).Hex(unique)
            .Text("\r\nTo: <sip:"u8);
        if (_kind == FloodKind.Invite)
            writer.Text(_number);
        else
            writer.Text("s"u8).Hex(unique);
        writer.Text("@"u8).Text(_domain).Text(">\r\nCall-ID: fl"u8).Hex(_run).Hex(unique).Text("@flood.invalid\r\nCSeq: 1 "u8).Text(method)
            .Text("\r\nContact: <sip:s"u8).Hex(unique).Text("@"u8).Address(source).Text(":"u8).Number(_socket.Port)
            .Text(">\r\nUser-Agent: "u8).Text(_kind == FloodKind.Scanner ? "friendly-scanner"u8 : "flood"u8).Text("\r\n"u8);
        _body.Begin();
        if (_kind == FloodKind.Invite)
        {
            _body.Text("v=0\r\no=- 1 1 IN IP4 "u8).Address(source).Text("\r\ns=-\r\nc=IN IP4 "u8).Address(source)
                .Text("\r\nt=0 0\r\nm=audio "u8).Number(_socket.Port).Text(" RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"u8);
        }

        writer.Body(_body.Written);
    }
}
