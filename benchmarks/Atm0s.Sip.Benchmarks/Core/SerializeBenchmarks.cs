using System.Net;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Serialization;
using BenchmarkDotNet.Attributes;

namespace Atm0s.Sip.Benchmarks.Core;

/// <summary>Messages with a session description, into a buffer that is used again.</summary>
[MemoryDiagnoser]
public class SerializeBenchmarks
{
    private readonly PooledBufferWriter _buffer = new();
    private byte[] _offer = [];
    private byte[] _answer = [];
    private SipMessage _invite = null!;

    [GlobalSetup]
    public void Load()
    {
        _offer = MessageFiles.Read("offer.sdp");
        _answer = MessageFiles.Read("answer.sdp");
        if (!SipParser.TryParse(MessageFiles.Read("invite.sip"), SipLimits.Default, isStream: false, out var message, out var refusal))
            throw new InvalidOperationException($"invite.sip: {refusal}");
        _invite = message;
        _invite.RemoteEndPoint = new IPEndPoint(IPAddress.Parse("198.51.100.7"), 5060);
    }

    [Benchmark]
    public int OkToInvite()
    {
        _buffer.Reset();
        var writer = new SipWriter(_buffer);
        SipResponseWriter.Begin(writer, _invite, 200, null, "as5d2f7c1e");
        writer.Header(SipHeaderId.Contact, "<sip:198.51.100.40:5060;transport=udp>"u8);
        writer.Header(SipHeaderId.Allow, "INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE"u8);
        writer.Header(SipHeaderId.Supported, "timer"u8);
        writer.Header(SipHeaderId.Server, "atm0s-sip/0.1"u8);
        writer.Body("application/sdp"u8, _answer);
        return _buffer.WrittenCount;
    }

    [Benchmark]
    public int Invite()
    {
        _buffer.Reset();
        var writer = new SipWriter(_buffer);
        writer.RequestLine(SipMethod.Invite, "sip:+842871000123@sip.bridge.example.com;user=phone"u8);
        writer.Header(SipHeaderId.Via, "SIP/2.0/UDP 198.51.100.40:5060;rport;branch=z9hG4bKPj9c1b6c2a8a6f4c0fb6a4"u8);
        writer.Header(SipHeaderId.MaxForwards, 70);
        writer.Header(SipHeaderId.From, "\"Alice Nguyen\" <sip:+84901234567@sip.bridge.example.com>;tag=a5f1c9d27e"u8);
        writer.Header(SipHeaderId.To, "<sip:+842871000123@sip.bridge.example.com;user=phone>"u8);
        writer.Header(SipHeaderId.CallId, "5f0b2d1c9e7a4b6f8d3c1a2b4e6f7081"u8);
        writer.BeginHeader(SipHeaderId.CSeq);
        writer.Value(20841);
        writer.Value(" INVITE"u8);
        writer.EndHeader();
        writer.Header(SipHeaderId.Contact, "<sip:198.51.100.40:5060;transport=udp>"u8);
        writer.Body("application/sdp"u8, _offer);
        return _buffer.WrittenCount;
    }

    [GlobalCleanup]
    public void Release()
    {
        _invite.Dispose();
        _buffer.Dispose();
    }
}
