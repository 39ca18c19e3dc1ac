using System.Net;
using System.Security.Cryptography;
using Atm0s.Sip.Interop.Phones;

namespace Atm0s.Sip.Interop.Attack;

/// <summary>Replays, ClientHellos and checks of ICE that are nobody's, at the ports of encrypted calls.</summary>
public sealed class SecureMediaAttackTests : SecureAttackTest
{
    private const int Pairs = 100;

    private int _firstPort;

    // RFC 3711 §3.3.2: what was heard once is not heard again, from wherever it comes.
    [Test]
    [Property("threat", "M4")]
    public async Task Replays_are_never_heard()
    {
        var (victim, listener) = await PairAsync();
        var stranger = Keep(new Stranger());
        var (received, _) = await ReceivedAsync("victim");
        var (sent, replayed) = (victim.Audio.Sent, 0);
        for (var round = 0; round < 100; round++)
        {
            foreach (var packet in victim.Audio.SentLately)
            {
                victim.Audio.SendRaw(packet, victim.ServerAudio);
                stranger.Send(victim.ServerAudio, packet);
                replayed++;
            }

            await Task.Delay(20);
        }

        var (receivedNow, _) = await ReceivedAsync("victim");
        await TestContext.Out.WriteLineAsync($"{replayed} replayed, {receivedNow - received} heard");
        Assert.That(replayed, Is.GreaterThan(5000));
        // Those that were on their way when either was counted.
        Assert.That(receivedNow - received, Is.LessThanOrEqualTo(victim.Audio.Sent - sent + 50));
        await HearEachOtherAsync(victim, listener);
        await GoodCallsHearEachOtherAsync();
        Assert.That((victim.Phone.HasEnded, stranger.Received()), Is.EqualTo((false, 0)));
    }

    // CVE-2023-49786: the ports are sprayed before, during and after the handshakes.
    [Test]
    [Property("threat", "M5")]
    public async Task Handshakes_complete_though_all_ports_are_sprayed([Values] bool ice)
    {
        await StartWithPortsAsync();
        var stranger = Keep(new Stranger());
        using var end = new CancellationTokenSource();
        var spraying = SprayAsync(stranger, Hello(), end.Token);
        var phones = new List<Baresip>();
        for (var i = 0; i < 4; i++)
        {
            phones.Add(await BaresipAsync(new PhoneOptions($"secure{i}", Server.Udp, 440 + (110 * i))
            {
                Encryption = "dtls_srtp", HasIce = ice, RtcpMux = ice, Register = false,
            }));
            await phones[i].DialAsync($"open-sprayed{i / 2}");
            await phones[i].WaitAsync("CALL_ESTABLISHED");
        }

        for (var i = 0; i < phones.Count; i++)
            await Hearing.ToneAsync(phones[i], 440 + (110 * (i ^ 1)), 20);
        await GoodCallsHearEachOtherAsync();
        await end.CancelAsync();
        await spraying;
        await TestContext.Out.WriteLineAsync($"{stranger.Sent} ClientHellos");
        Assert.That((stranger.Sent > 10_000, stranger.Received()), Is.EqualTo((true, 0)));
    }

    // RFC 8445 §7.3, RFC 8489 §9.1.3: who does not know the password is not answered, and moves no path.
    [Test]
    [Property("threat", "M6")]
    public async Task Checks_without_the_password_move_no_path()
    {
        await StartWithPortsAsync();
        var alice = await BaresipAsync(new PhoneOptions("alice", Server.Udp, 440)
        {
            Encryption = "dtls_srtp", HasIce = true, RtcpMux = true, Register = false,
        });
        var bob = await BaresipAsync(new PhoneOptions("bob", Server.Udp, 880) { Register = false });
        foreach (var phone in new[] { alice, bob })
        {
            await phone.DialAsync("open-checked");
            await phone.WaitAsync("CALL_ESTABLISHED");
        }

        await Hearing.ToneAsync(bob, 440, 20);
        var stranger = Keep(new Stranger());
        using var end = new CancellationTokenSource();
        var checking = SprayAsync(stranger, Check(), end.Token);
        await Hearing.ToneAsync(bob, 440, 20, bob.Recorded().Duration);
        await Hearing.ToneAsync(alice, 880, 20, alice.Recorded().Duration);
        await GoodCallsHearEachOtherAsync();
        await end.CancelAsync();
        await checking;
        await TestContext.Out.WriteLineAsync($"{stranger.Sent} checks");
        Assert.That((stranger.Sent > 10_000, stranger.Received()), Is.EqualTo((true, 0)));
    }

    private Task StartWithPortsAsync()
    {
        _firstPort = 20_000 + (2 * Pairs * Random.Shared.Next(50));
        return StartWithAsync(
            $$"""{ "Sip": { "Media": { "FirstPort": {{_firstPort}}, "LastPort": {{_firstPort + (2 * Pairs) - 1}} } } }""");
    }

    // 20 a tick of 5 ms: 4,000 a second over all ports.
    private async Task SprayAsync(Stranger stranger, byte[] datagram, CancellationToken end)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (var next = 0; !end.IsCancellationRequested; await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            for (var i = 0; i < 20; i++, next++)
            {
                RandomNumberGenerator.Fill(datagram.AsSpan(^12));
                stranger.Send(new IPEndPoint(IPAddress.Loopback, _firstPort + (next % (2 * Pairs))), datagram);
            }
        }
    }

    // A ClientHello of DTLS 1.2 that offers a suite which everybody has.
    private static byte[] Hello()
    {
        byte[] body = [0xFE, 0xFD, .. new byte[32], 0, 0, 0, 2, 0xC0, 0x2B, 1, 0, 0, 16, 0, 15, 0, 12, .. new byte[12]];
        byte[] message = [1, 0, 0, (byte)body.Length, 0, 0, 0, 0, 0, 0, 0, (byte)body.Length, .. body];
        return [22, 0xFE, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)message.Length, .. message];
    }

    // A Binding request with a user name, USE-CANDIDATE, and a MESSAGE-INTEGRITY that is not right (RFC 8489 §14.5).
    private static byte[] Check()
    {
        byte[] attributes = [0, 6, 0, 8, .. "abcd:efg"u8, 0, 0x25, 0, 0, 0, 8, 0, 20, .. new byte[20]];
        return [0, 1, 0, (byte)attributes.Length, 0x21, 0x12, 0xA4, 0x42, .. new byte[12], .. attributes];
    }
}
