using System.Net;
using Atm0s.Sip.Interop.Phones;
using Atm0s.Sip.Interop.Processes;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Interop.Scenarios;

/// <summary>
/// The system answers packets to a port that is closed with ICMP, and the next call of the server's socket tells that as an error: it may
/// cost
/// the phone whose port it is a packet, and nobody else anything.
/// </summary>
public sealed class DeadPortTests : InteropTest
{
    [Test]
    public async Task A_port_that_closes_and_opens_again_costs_the_room_nothing()
    {
        var (server, bob, clock) = await RoomAsync();
        var (audio, _) = await JoinAsync(server, clock, "phone", 440);
        await Hearing.ToneAsync(bob, 440, 30);

        for (var round = 0; round < 3; round++)
        {
            audio.CloseSocket();
            await Task.Delay(TimeSpan.FromSeconds(1.5)); // some 75 ICMP errors
            var (opened, heard) = (bob.Recorded().Duration, audio.Received);
            audio.OpenSocket();
            await Hearing.ToneAsync(bob, 440, 30, opened);
            Assert.That(audio.Received, Is.GreaterThan(heard), "packets to the phone that came back");
        }
    }

    [Test]
    public async Task A_phone_that_moves_after_its_port_died_goes_on()
    {
        var (server, bob, clock) = await RoomAsync();
        var (audio, phone) = await JoinAsync(server, clock, "phone", 440);
        await Hearing.ToneAsync(bob, 440, 30);
        audio.CloseSocket();
        await Task.Delay(TimeSpan.FromSeconds(1));

        using var other = new UdpAudio(hz: 660);
        clock.Add(other);
        var moved = bob.Recorded().Duration;
        var answer = await phone.ReinviteAsync(UdpPhone.Sdp(other.LocalEndPoint));
        Assert.That(answer.Status, Is.EqualTo(200));
        other.SendTo(UdpPhone.AudioOf(answer));
        await Hearing.ToneAsync(bob, 660, 30, moved);
        Assert.That(other.Received, Is.GreaterThan(0));
    }

    // kill -9 of an app; another call from the same port half a second later, as a restarted app makes it.
    [Test]
    public async Task A_phone_that_is_killed_costs_the_room_nothing_and_its_call_ends()
    {
        var server = await ServerAsync("--media-timeout", "3");
        var bob = await BaresipAsync(new PhoneOptions("bob", server.Udp, 880) { Register = false });
        var carol = await BaresipAsync(new PhoneOptions("carol", server.Udp, 1320) { Register = false });
        var alice = await BaresipAsync(new PhoneOptions("alice", server.Udp, 440) { Register = false });
        foreach (var phone in new[] { bob, carol, alice })
        {
            await phone.DialAsync("open-hall");
            await phone.WaitAsync("CALL_ESTABLISHED");
        }

        await Hearing.SumAsync(bob, [440, 1320], 880, 25);
        await alice.Process.KillAsync();
        await server.WaitAsync("ended", Soon, "from=alice", "cause=media-timeout");
        var ended = bob.Recorded().Duration;
        await Hearing.ToneAsync(bob, 1320, 30, ended);

        var again = await BaresipAsync(new PhoneOptions("alice2", server.Udp, 660) { Register = false });
        await again.DialAsync("open-hall");
        await again.WaitAsync("CALL_ESTABLISHED");
        await Hearing.SumAsync(bob, [660, 1320], 880, 25);
        await Hearing.SumAsync(again, [880, 1320], 660, 25);
    }

    private async Task<(RoomServerProcess Server, Baresip Bob, UdpAudioClock Clock)> RoomAsync()
    {
        var server = await ServerAsync();
        var bob = await BaresipAsync(new PhoneOptions("bob", server.Udp, 880) { Register = false });
        await bob.DialAsync("open-hall");
        await bob.WaitAsync("CALL_ESTABLISHED");
        return (server, bob, Keep(new UdpAudioClock()));
    }

    private async Task<(UdpAudio Audio, UdpPhone Phone)> JoinAsync(RoomServerProcess server, UdpAudioClock clock, string name, double hz)
    {
        var audio = Keep(new UdpAudio(IPAddress.Loopback, hz));
        clock.Add(audio);
        var phone = Keep(new UdpPhone(name, server.Udp));
        var answer = await phone.InviteAsync("open-hall", UdpPhone.Sdp(audio.LocalEndPoint));
        Assert.That(answer.Status, Is.EqualTo(200));
        audio.SendTo(UdpPhone.AudioOf(answer));
        return (audio, phone);
    }
}
