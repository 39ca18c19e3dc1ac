using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Interop.Attack;

/// <summary>Junk at encrypted audio, and attempts to get it in the clear.</summary>
public sealed class SecureFloodTests : SecureAttackTest
{
    private const int JunkPerSecond = 10_000;
    private const double MaxLoss = 0.001;
    private const int Rounds = 6;

    // CVE-2021-41105: a hundred packets that are not authentic have ended the call.
    [Test]
    [Property("threat", "M3")]
    public async Task Junk_at_a_secure_leg_costs_its_call_nothing()
    {
        var (victim, listener) = await PairAsync();
        var stranger = Keep(new Stranger());
        var junk = new byte[182];
        for (var port = victim.ServerAudio.Port - 60; port < victim.ServerAudio.Port + 60; port++)
        {
            for (var i = 0; i < 200; i++)
                stranger.Send(new IPEndPoint(IPAddress.Loopback, port), NextJunk(junk, victim.Audio.Ssrc));
            await Task.Yield();
        }

        await HearEachOtherAsync(victim, listener);

        // From its own address, where no socket keeps it out. One round may fall into a pause of the machine; a server that loses the
        // victim's packets behind the junk loses them in each.
        var losses = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var (received, lost) = await ReceivedAsync("victim");
            await FloodAsync(victim, junk, TimeSpan.FromSeconds(3));
            await Task.Delay(500);
            var (receivedNow, lostNow) = await ReceivedAsync("victim");
            await TestContext.Out.WriteLineAsync($"{receivedNow - received} packets came, {lostNow - lost} did not");
            Assert.That(receivedNow - received, Is.GreaterThan(100));
            losses.Add((lostNow - lost) / (double)(receivedNow - received));
        }

        Assert.That(losses.Order().SkipLast(1), Is.All.LessThan(MaxLoss));
        await HearEachOtherAsync(victim, listener);
        await GoodCallsHearEachOtherAsync();
        Assert.That((victim.Phone.HasEnded, victim.Audio.Unauthentic, stranger.Received()), Is.EqualTo((false, 0, 0)));
    }

    // CVE-2022-39269: what was protected once stays so, whatever is offered later.
    [Test]
    [Property("threat", "I9")]
    public async Task A_secure_call_never_becomes_a_plain_one()
    {
        var (victim, listener) = await PairAsync();
        var plain = UdpPhone.Sdp(victim.Audio.LocalEndPoint, "8 101", "rtpmap:101 telephone-event/8000");
        string[] worse =
        [
            plain,
            plain.Replace("RTP/AVP", "RTP/SAVP", StringComparison.Ordinal),
            plain + "a=crypto:1 NULL_CIPHER_HMAC_NULL inline:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n",
            plain + $"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{Convert.ToBase64String(new byte[30])} UNENCRYPTED_SRTP\r\n",
            plain.Replace("RTP/AVP", "UDP/TLS/RTP/SAVP", StringComparison.Ordinal),
            plain + "a=setup:actpass\r\n",
        ];
        foreach (var offer in worse)
        {
            Assert.That((await victim.Phone.ReinviteAsync(offer)).Status, Is.EqualTo(488), offer);
            await HearEachOtherAsync(victim, listener);
        }

        await victim.OfferAsync("sendonly");
        await victim.OfferAsync("sendrecv");
        await HearEachOtherAsync(victim, listener);
        await GoodCallsHearEachOtherAsync();
        Assert.That((victim.Phone.HasEnded, victim.Audio.Unauthentic), Is.EqualTo((false, 0)), "nothing came in the clear");
    }

    // RTP of the victim's stream, but for its authentication.
    private static byte[] NextJunk(byte[] junk, uint ssrc)
    {
        Random.Shared.NextBytes(junk);
        (junk[0], junk[1]) = (0x80, 8);
        BinaryPrimitives.WriteUInt32BigEndian(junk.AsSpan(8), ssrc);
        return junk;
    }

    private static async Task FloodAsync(GoodCall victim, byte[] junk, TimeSpan time)
    {
        var sent = 0;
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < time; await Task.Delay(1))
        {
            // What a sleep has left out is made up for, but never all at once: no path is that fast.
            var due = Math.Min((int)(watch.Elapsed.TotalSeconds * JunkPerSecond), sent + 100);
            for (; sent < due; sent++)
                victim.Audio.SendRaw(NextJunk(junk, victim.Audio.Ssrc), victim.ServerAudio);
        }
    }
}
