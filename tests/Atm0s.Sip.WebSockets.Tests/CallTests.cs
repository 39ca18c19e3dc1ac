using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.WebSockets.Tests.Hosts;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.WebSockets.Tests;

/// <summary>Calls of a browser: everything of them goes over its connection (RFC 7118 §5).</summary>
public sealed class CallTests
{
    [Test]
    public async Task Bye_OfTheServer_GoesOverTheConnection()
    {
        await using var host = await SipHost.StartAsync();
        using var phone = await DialAsync(host);
        var call = host.Server.Calls.Single();
        var ended = call.HangUpAsync();
        var bye = await phone.Socket.ReceiveAsync("BYE ");
        Assert.That(bye, Does.StartWith("BYE sip:alice@df7jal23ls0d.invalid;transport=ws;ob SIP/2.0").And.Contains("Via: SIP/2.0/WS "));
        await phone.Socket.SendAsync(Msg.Answer(bye, "200 OK"));
        Assert.That(await ended, Is.EqualTo(CallCommandResult.Done));
    }

    [Test]
    public async Task Connection_OfACall_IsNotIdle()
    {
        var time = new FakeTimeProvider();
        await using var host = await SipHost.StartAsync(time: time);
        using var phone = await DialAsync(host);
        for (var i = 0; i < 200; i++)
            time.Advance(TimeSpan.FromSeconds(1));
        _ = host.Server.Calls.Single().HangUpAsync();
        Assert.That(await phone.Socket.ReceiveAsync("BYE "), Is.Not.Null);
    }

    [Test]
    public async Task Page_ThatIsLeft_EndsItsCall()
    {
        var time = new FakeTimeProvider();
        await using var host = await SipHost.StartAsync(time: time);
        var phone = await DialAsync(host);
        var call = host.Server.Calls.Single();
        phone.Dispose();
        await time.UntilAsync(() => call.Ended.IsCompleted, "the call ends");
        var end = await call.Ended;
        Assert.That(end.Cause, Is.EqualTo(CallEndCause.Gone), end.Reason);
        Assert.That(end.Duration, Is.LessThan(TimeSpan.FromSeconds(20)));
    }

    [Test]
    public async Task Page_WhoseAudioGoesOn_KeepsItsCall()
    {
        var time = new FakeTimeProvider();
        await using var host = await SipHost.StartAsync(time: time);
        using var phone = await DialAsync(host);
        var call = host.Server.Calls.Single();
        phone.Socket.Socket.Abort();
        // Twice as long as it takes without audio.
        for (var i = 0; i < 100; i++)
        {
            phone.SendAudio();
            await Task.Delay(20);
            time.Advance(TimeSpan.FromMilliseconds(200));
        }

        Assert.That(call.State, Is.EqualTo(CallState.Answered));
        await time.UntilAsync(() => call.Ended.IsCompleted, "the call ends once its audio does");
    }

    [Test]
    public async Task Page_ThatConnectsAgain_KeepsItsCall()
    {
        var time = new FakeTimeProvider();
        await using var host = await SipHost.StartAsync(time: time);
        using var socket = await SipSocket.ConnectAsync(host.Uri);
        await socket.SendAsync(Msg.Register("alice"));
        _ = await socket.ReceiveAsync();
        var call = await host.Server.CallUserAsync("room", "alice", "100");
        var invite = await socket.ReceiveAsync("INVITE ");
        using var audio = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        const string more = "Contact: <sip:alice@df7jal23ls0d.invalid;transport=ws>\r\nContent-Type: application/sdp\r\n";
        await socket.SendAsync(Msg.Answer(invite, "200 OK", more: more, body: Msg.Sdp(((IPEndPoint)audio.Client.LocalEndPoint!).Port)));
        Assert.That((await call.Answered).IsAnswered, Is.True, string.Join("\n", call.Explain()));
        socket.Socket.Abort();
        await Waiting.UntilAsync(() => host.Server.Registrations.Count == 0, "the connection is gone");
        time.Advance(TimeSpan.FromSeconds(1));
        using var again = await SipSocket.ConnectAsync(host.Uri);
        await again.SendAsync(Msg.Register("alice", cseq: 2));
        Assert.That(await again.ReceiveAsync(), Does.StartWith("SIP/2.0 200"));
        for (var i = 0; i < 60; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Delay(5);
        }

        Assert.That(call.State, Is.EqualTo(CallState.Answered));
        _ = call.HangUpAsync();
        Assert.That(await again.ReceiveAsync("BYE "), Is.Not.Null);
    }

    [TestCase("WS", Description = "the page, loaded anew")]
    [TestCase("UDP", Description = "the desk phone of the same user")]
    public async Task AnotherDeviceOfTheUser_TakesNoCallOfAPageThatIsGone(string transport)
    {
        var time = new FakeTimeProvider();
        await using var host = await SipHost.StartAsync(time: time);
        using var socket = await SipSocket.ConnectAsync(host.Uri);
        await socket.SendAsync(Msg.Register("alice"));
        _ = await socket.ReceiveAsync();
        var call = await host.Server.CallUserAsync("room", "alice", "100");
        var invite = await socket.ReceiveAsync("INVITE ");
        using var audio = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        const string more = "Contact: <sip:alice@df7jal23ls0d.invalid;transport=ws>\r\nContent-Type: application/sdp\r\n";
        await socket.SendAsync(Msg.Answer(invite, "200 OK", more: more, body: Msg.Sdp(((IPEndPoint)audio.Client.LocalEndPoint!).Port)));
        Assert.That((await call.Answered).IsAnswered, Is.True, string.Join("\n", call.Explain()));
        socket.Socket.Abort();
        await Waiting.UntilAsync(() => host.Server.Registrations.Count == 0, "the connection is gone");
        time.Advance(TimeSpan.FromSeconds(1));

        using var again = await SipSocket.ConnectAsync(host.Uri);
        using var desk = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var register = Msg.Register("alice", cseq: 2).Replace("<sip:alice@df7jal23ls0d", "<sip:drawn-anew@192.0.2.7", StringComparison.Ordinal);
        if (transport == "WS")
            await again.SendAsync(register);
        else
        {
            var port = ((IPEndPoint)desk.Client.LocalEndPoint!).Port;
            var text = register.Replace("SIP/2.0/WS df7jal23ls0d.invalid", $"SIP/2.0/UDP 127.0.0.1:{port}", StringComparison.Ordinal)
                .Replace("drawn-anew@192.0.2.7.invalid;transport=ws", $"alice@127.0.0.1:{port}", StringComparison.Ordinal);
            await desk.SendAsync(System.Text.Encoding.ASCII.GetBytes(text), new IPEndPoint(IPAddress.Loopback, UdpPort(host)));
        }

        await Waiting.UntilAsync(() => host.Server.Registrations.Count == 1, "it is there");
        await time.UntilAsync(() => call.Ended.IsCompleted, "the call ends");
        Assert.That((await call.Ended).Cause, Is.EqualTo(CallEndCause.Gone));
    }

    [Test]
    public async Task Caller_WhosePageIsLeftBeforeTheAnswer_EndsItsCall()
    {
        var time = new FakeTimeProvider();
        await using var host = await SipHost.StartAsync(time: time);
        using var socket = await SipSocket.ConnectAsync(host.Uri);
        await socket.SendAsync(Msg.Register("bob", host: "bob.invalid"));
        _ = await socket.ReceiveAsync();
        // Rings, and nobody answers.
        var call = await host.Server.CallUserAsync("room", "bob", "100");
        var invite = await socket.ReceiveAsync("INVITE ");
        await socket.SendAsync(Msg.Answer(invite, "180 Ringing"));
        await Waiting.UntilAsync(() => call.State == CallState.Ringing, "it rings");
        socket.Socket.Abort();
        await time.UntilAsync(() => call.Ended.IsCompleted, "the call ends");
        Assert.That((await call.Ended).Cause, Is.EqualTo(CallEndCause.Gone));
    }

    private static int UdpPort(SipHost host) => int.Parse(
        host.Server.ListenUris.First(uri => uri.StartsWith("udp:", StringComparison.Ordinal)).Split(':')[^1],
        System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<Phone> DialAsync(SipHost host)
    {
        var socket = await SipSocket.ConnectAsync(host.Uri);
        var audio = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        await socket.SendAsync(Msg.Invite("alice", "room", ((IPEndPoint)audio.Client.LocalEndPoint!).Port));
        var ok = await socket.ReceiveAsync("SIP/2.0 200");
        await socket.SendAsync(Msg.Ack("alice", "room", ok));
        var call = host.Server.Calls.Single();
        await Waiting.UntilAsync(() => call.State == CallState.Answered, "it is answered");
        return new Phone(socket, audio, ok);
    }

    private sealed class Phone(SipSocket socket, UdpClient audio, string ok) : IDisposable
    {
        private readonly int _port = int.Parse(
            ok.Split("m=audio ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

        private ushort _sequence;

        public SipSocket Socket => socket;

        public void SendAudio()
        {
            var packet = new byte[172];
            packet[0] = 0x80;
            _sequence++;
            (packet[2], packet[3]) = ((byte)(_sequence >> 8), (byte)_sequence);
            var stamp = _sequence * 160u;
            (packet[4], packet[5], packet[6], packet[7]) = ((byte)(stamp >> 24), (byte)(stamp >> 16), (byte)(stamp >> 8), (byte)stamp);
            packet[11] = 7;
            packet.AsSpan(12).Fill(0xFF);
            audio.Send(packet, packet.Length, new IPEndPoint(IPAddress.Loopback, _port));
        }

        public void Dispose()
        {
            socket.Dispose();
            audio.Dispose();
        }
    }
}
