using System.Text;
using Atm0s.Sip.LoadGenerator.Wire;

namespace Atm0s.Sip.LoadGenerator.Traffic;

/// <summary>INVITE, 200, ACK, a while of talking, BYE, 200. A challenge is answered.</summary>
internal sealed class CallScript : Script
{
    private readonly CallPlan _plan;
    private readonly byte[][] _numbers;
    private readonly byte[][] _uris;
    private readonly SipWriter _sdp = new(1024);

    public CallScript(Target target, CallPlan plan)
    {
        _plan = plan;
        string[] numbers = [.. Enumerable.Range(0, plan.Rooms).Select(room => plan.Rooms > 1 ? $"{plan.Number}{room}" : plan.Number)];
        _numbers = [.. numbers.Select(Encoding.ASCII.GetBytes)];
        _uris = [.. numbers.Select(number => Encoding.ASCII.GetBytes($"sip:{number}@{target.Domain}:{target.Port}"))];
    }

    public override void Begin(TrafficLoop loop, Exchange exchange, long now)
    {
        exchange.Leg = _plan.SendsAudio ? loop.Audio.Open() : null;
        var writer = StartInvite(loop, exchange);
        Finish(loop, exchange, writer, now);
    }

    public override void OnResponse(TrafficLoop loop, Exchange exchange, int status, uint sequence, ReadOnlySpan<byte> message, long now)
    {
        if (sequence != exchange.Sequence && !(exchange.Step is Step.Up or Step.Ending))
            return;
        switch (exchange.Step)
        {
            case Step.Asked or Step.Authenticated when status < 200:
                exchange.Deadline = 0; // A provisional answer stops the repetition (RFC 3261 §17.1.1.2).
                loop.Timers.Set(exchange, now + (32 * Clock.Second));
                exchange.Repetitions = TrafficLoop.MaxRepetitions;
                break;
            case Step.Asked or Step.Authenticated when status >= 300:
                OnRefused(loop, exchange, status, message, now);
                break;
            case Step.Asked or Step.Authenticated:
                OnAnswered(loop, exchange, message, now);
                break;
            case Step.Up when IsOfInvite(message):
                Acknowledge(loop, exchange);
                break;
            case Step.Ending when sequence == exchange.Sequence && status >= 200:
                Leave(loop, exchange, now);
                loop.Close(exchange, status == 200 ? 200 : status);
                break;
        }
    }

    public override void OnTimer(TrafficLoop loop, Exchange exchange, long now)
    {
        if (exchange.Step == Step.Up)
            HangUp(loop, exchange, now);
        else
            loop.Repeat(exchange, now);
    }

    public override void OnRequest(TrafficLoop loop, Exchange exchange, ReadOnlySpan<byte> method, long now)
    {
        if (!method.SequenceEqual("BYE"u8) || exchange.Step is not (Step.Up or Step.Ending))
            return;
        Leave(loop, exchange, now);
        loop.Close(exchange, exchange.Step == Step.Ending ? 200 : -1);
    }

    public override void OnAbandoned(TrafficLoop loop, Exchange exchange, long now) => Leave(loop, exchange, now);

    public override void Stop(TrafficLoop loop, Exchange exchange, long now)
    {
        if (exchange.Step == Step.Up)
            HangUp(loop, exchange, now);
    }

    private static bool IsOfInvite(ReadOnlySpan<byte> message) => SipReader.Header(message, "CSeq"u8).EndsWith("INVITE"u8);

    private SipWriter StartInvite(TrafficLoop loop, Exchange exchange)
    {
        var room = exchange.User % _plan.Rooms;
        return loop.Requests.Start(exchange, "INVITE"u8, _uris[room], _numbers[room])
            .Text("Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE\r\n"u8);
    }

    private void Finish(TrafficLoop loop, Exchange exchange, SipWriter writer, long now)
    {
        var address = exchange.Leg?.Address ?? exchange.Source;
        _sdp.Begin().Text("v=0\r\no=- 1 1 IN IP4 "u8).Address(address).Text("\r\ns=-\r\nc=IN IP4 "u8).Address(address)
            .Text("\r\nt=0 0\r\nm=audio "u8).Number(loop.Audio.Port);
        if (_plan.Codec == "opus")
            _sdp.Text(" RTP/AVP 96 8 101\r\na=rtpmap:96 opus/48000/2\r\na=fmtp:96 useinbandfec=1\r\na=rtpmap:8 PCMA/8000\r\n"u8);
        else
            _sdp.Text(" RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\n"u8);
        _sdp.Text("a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\n"u8)
            .Text(_plan.Inactive ? "a=inactive\r\n"u8 : "a=sendrecv\r\n"u8);
        writer.Body(_sdp.Written);
        loop.Send(exchange, now);
    }

    private void OnRefused(TrafficLoop loop, Exchange exchange, int status, ReadOnlySpan<byte> message, long now)
    {
        exchange.ToTag = SipReader.Parameter(SipReader.Header(message, "To"u8, "t"u8), "tag="u8);
        Challenge challenge = default;
        var mayAnswer = exchange.Step == Step.Asked && status is 401 or 407 && Challenge.TryFind(message, out challenge);
        var room = exchange.User % _plan.Rooms;
        loop.Requests.Start(exchange, "ACK"u8, _uris[room], _numbers[room]).Body(default);
        loop.SendOnce(exchange);
        exchange.ToTag = default;
        if (!mayAnswer)
        {
            Leave(loop, exchange, now);
            exchange.Tally!.RefusalLatency.Add(now - exchange.Due);
            if (SipReader.Header(message, "Retry-After"u8).Length > 0)
                exchange.Tally.RetryAfter++;
            loop.Close(exchange, status);
            return;
        }

        exchange.Step = Step.Authenticated;
        exchange.Sequence++;
        var writer = StartInvite(loop, exchange);
        loop.Passwords.Write(writer, challenge, exchange.User, "INVITE"u8, _uris[room]);
        Finish(loop, exchange, writer, now);
    }

    private void OnAnswered(TrafficLoop loop, Exchange exchange, ReadOnlySpan<byte> message, long now)
    {
        exchange.Tally!.Latency.Add(now - exchange.Due);
        exchange.ToTag = SipReader.Parameter(SipReader.Header(message, "To"u8, "t"u8), "tag="u8);
        var contact = SipReader.Uri(SipReader.Header(message, "Contact"u8, "m"u8));
        exchange.RemoteTarget = contact.Length > 0 ? contact : _uris[exchange.User % _plan.Rooms];
        exchange.Step = Step.Up;
        exchange.AnsweredAt = now;
        exchange.Deadline = 0;
        Acknowledge(loop, exchange);
        if (exchange.Leg is { } leg)
            loop.Audio.Start(leg, SipReader.AudioPort(message), now);
        if (_plan.Hold == 0)
            HangUp(loop, exchange, now);
        else if (_plan.Hold < long.MaxValue)
            loop.Timers.Set(exchange, now + _plan.Hold);
    }

    private void Acknowledge(TrafficLoop loop, Exchange exchange)
    {
        loop.Requests.Start(exchange, "ACK"u8, exchange.RemoteTarget, _numbers[exchange.User % _plan.Rooms], ownBranch: true).Body(default);
        loop.SendOnce(exchange);
    }

    private void HangUp(TrafficLoop loop, Exchange exchange, long now)
    {
        exchange.Step = Step.Ending;
        exchange.Sequence++;
        loop.Requests.Start(exchange, "BYE"u8, exchange.RemoteTarget, _numbers[exchange.User % _plan.Rooms]).Body(default);
        exchange.Leg?.Silence(now);
        loop.Send(exchange, now);
    }

    private void Leave(TrafficLoop loop, Exchange exchange, long now)
    {
        if (exchange.Leg is not { } leg)
            return;
        leg.Silence(now);
        if (leg.Started > 0)
            exchange.Tally!.Audio.Add(leg.Received, leg.Expected, leg.Lost, leg.MaxGap);
        loop.Audio.Close(leg);
        exchange.Leg = null;
    }
}
