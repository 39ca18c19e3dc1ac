using System.Globalization;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Interop.Phones;
using Atm0s.Sip.Interop.Processes;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Interop.Scripts;

/// <summary>Announcements of a network: who is called is heard before he answers, and may never answer (RFC 3960).</summary>
public sealed class EarlyMediaTests : ScriptTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Test]
    public async Task A_room_hears_whom_it_rings()
    {
        var server = await LocalServerAsync();
        var audio = Announcement();
        var alice = await BaresipAsync(new PhoneOptions("alice", server.Udp, 440) { Register = false });
        await alice.DialAsync("room-hall");
        await alice.WaitAsync("CALL_ESTABLISHED");
        var (bob, address) = await ListenAsync(Announces(audio), "bob", "-recv_timeout", "80000");
        var options = new OutgoingCallOptions { EarlyMedia = true };
        var call = await server.Sip.CallServerAsync("room-hall", $"sip:bob@{address}", "1000", options);
        await SpeaksAsync(audio, call);
        await Hearing.ToneAsync(alice, 880, 30);
        Assert.That(call.State, Is.EqualTo(CallState.Ringing));
        await call.HangUpAsync();
        await bob.SucceedsAsync(Patience);
        Assert.That((await call.Answered).IsAnswered, Is.False);
        await alice.HangUpAsync();
        await server.IdleAsync();
    }

    // It goes all the way: from the one that rings, by the room, to the phone that calls.
    [Test]
    public async Task A_caller_hears_whom_he_calls_before_the_answer()
    {
        var server = await LocalServerAsync();
        server.EarlyMedia = true;
        var audio = Announcement();
        var bob = await RegisteredAsync(server, Announces(audio), "bob", "-recv_timeout", "80000");
        var alice = await BaresipAsync(new PhoneOptions("alice", server.Udp, 440));
        await alice.DialAsync("bob");
        var ringing = await server.WaitAsync("Ringing", CallDirection.Outgoing);
        Assert.That(server.Sip.TryGetCall(ringing.Call.CallId, out var call), Is.True);
        await SpeaksAsync(audio, call!);
        await alice.WaitAsync("CALL_PROGRESS");
        await Hearing.ToneAsync(alice, 880, 30);
        Assert.That(server.Sip.Calls.Select(each => each.State), Is.All.EqualTo(CallState.Ringing));
        await alice.HangUpAsync();
        await bob.SucceedsAsync(Patience);
        await server.IdleAsync();
    }

    private static SippScript Announces(UdpAudio audio)
    {
        var port = audio.LocalEndPoint.Port.ToString(CultureInfo.InvariantCulture);
        var session = SippBody.Sdp() with { Text = SippBody.Sdp().Text.Replace("[media_port]", port, StringComparison.Ordinal) };
        return SippScript.Callee("bob")
            .ExpectInvite().Answer(183, session).ExpectRequest("CANCEL").Reply().Answer(487).ExpectRequest("ACK");
    }

    private static async Task SpeaksAsync(UdpAudio audio, ISipCall call)
    {
        for (var end = DateTime.UtcNow + Soon; call.GetStatistics() is null; await Task.Delay(10))
            Assert.That(DateTime.UtcNow, Is.LessThan(end), "no audio yet");
        audio.SendTo(call.GetStatistics()!.Local);
    }

    private UdpAudio Announcement()
    {
        var audio = Keep(new UdpAudio(hz: 880, dbfs: PhoneOptions.ToneDbfs));
        Keep(new UdpAudioClock()).Add(audio);
        return audio;
    }
}
