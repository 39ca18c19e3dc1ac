using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using Atm0s.Sip.Interop.Processes;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Interop.Attack;

/// <summary>Phones that misbehave or vanish, and a server at its limit.</summary>
public sealed class FaultTests : AttackTest
{
    private const int MediaTimeout = 3;

    // Sixty calls fit in the range: twenty good ones, forty more, and ten that are too many.
    [Test]
    public async Task Calls_beyond_the_ports_get_503_and_no_port_is_lost()
    {
        var range = Keep(FreePorts.Range(120));
        await StartAsync("--rtp-ports", $"{range}", "--trust", "127.0.0.1");
        using var sink = new UdpAudio();
        for (var round = 0; round < 2; round++)
        {
            var calls = Enumerable.Range(0, 50)
                .Select(i => Keep(new UdpPhone($"caller{round}-{i}", Server.Udp)))
                .ToArray();
            var answers = await Task.WhenAll(calls.Select((call, i) =>
                call.InviteAsync($"open-more{i / 2}", UdpPhone.Sdp(sink.LocalEndPoint))));
            using (Assert.EnterMultipleScope())
            {
                Assert.That(answers.Count(answer => answer.Status == 200), Is.EqualTo(40), $"answered, round {round}");
                Assert.That(answers.Count(answer => answer.Status == 503), Is.EqualTo(10), $"refused, round {round}");
                Assert.That(answers.Where(answer => answer.Status == 503).Select(answer => answer["Retry-After"]), Has.All.Not.Empty);
            }

            var answered = calls.Where((_, i) => answers[i].Status == 200).ToArray();
            await Task.WhenAll(answered.Select(call => call.ByeAsync()));
            await GoodCallsHearEachOtherAsync();
        }
    }

    // The phone of an ended call goes on sending to a port that another call has by then.
    [Test]
    public async Task Audio_of_an_ended_call_is_not_heard_in_the_next_one()
    {
        var range = Keep(FreePorts.Range(44));
        await StartAsync("--rtp-ports", $"{range}", "--trust", "127.0.0.1"); // room for two calls beside the good ones
        var old = NewCall("old", 3000, IPAddress.Parse("127.0.0.31"));
        var listener = NewCall("listener", 1900);
        await old.JoinAsync("open-old", Clock);
        await listener.JoinAsync("open-next", Clock);
        await old.GetsAsync(20);
        await old.Phone.ByeAsync(); // and sends on

        // The port is free with the tick after the BYE, no sooner: until then there is none.
        var next = await JoinWhenAPortIsFreeAsync("next", 1700, IPAddress.Parse("127.0.0.32"), "open-next");
        Assert.That(next.ServerAudio, Is.EqualTo(old.ServerAudio), "the port of the ended call");
        var received = old.Audio.Received;
        await listener.HearsAsync(next);
        await next.HearsAsync(listener);
        Assert.That(old.Audio.Received - received, Is.LessThanOrEqualTo(1), "packets of the next call to the phone of the last one");

        Assert.That(listener.FramesWith(old.Hz, -30), Is.Zero, "frames with the tone of the ended call");
        await GoodCallsHearEachOtherAsync();
    }

    private async Task<GoodCall> JoinWhenAPortIsFreeAsync(string name, double hz, IPAddress host, string room)
    {
        for (var end = DateTime.UtcNow + Soon; ; await Task.Delay(50))
        {
            var call = NewCall(name, hz, host);
            var status = await call.TryJoinAsync(room, Clock);
            if (status == 200)
                return call;
            Assert.That((status, DateTime.UtcNow < end), Is.EqualTo((503, true)), name);
        }
    }

    [Test]
    public async Task A_phone_that_vanishes_is_hung_up_once_and_in_time()
    {
        await StartAsync("--media-timeout", $"{MediaTimeout}");
        var never = NewCall("never", 1700); // answered, and not one packet
        await never.JoinAsync("open-silent", Clock, speak: false);
        var start = Stopwatch.StartNew();
        await never.Phone.WaitAsync(message => !message.IsResponse && message.Method == "BYE");
        Assert.That(start.Elapsed.TotalSeconds, Is.InRange(MediaTimeout - 0.5, MediaTimeout + 2), "seconds until the BYE");

        var stops = NewCall("stops", 1700);
        await stops.JoinAsync("open-silent", Clock);
        await stops.GetsAsync(50);
        stops.Audio.CloseSocket();
        await stops.Phone.WaitAsync(message => !message.IsResponse && message.Method == "BYE");
        foreach (var name in new[] { "never", "stops" })
        {
            await Server.WaitAsync("ended", Soon, $"from={name}", "cause=media-timeout");
            Assert.That(Server.Events.Count(line => line.Kind == "ended" && line["from"] == name), Is.EqualTo(1), $"ends of {name}");
        }

        await Control.WaitAsync(
            "/sip/rooms", rooms => rooms.EnumerateArray().All(room => room.GetProperty("id").GetString() != "open-silent"));
        await GoodCallsHearEachOtherAsync();
    }

    [Test]
    public async Task A_phone_on_hold_is_not_hung_up([Values("sendonly", "inactive")] string direction)
    {
        await StartAsync("--media-timeout", $"{MediaTimeout}");
        var held = NewCall("held", 1700);
        var other = NewCall("other", 1900);
        await held.JoinAsync("open-hold", Clock);
        await other.JoinAsync("open-hold", Clock);
        await other.HearsAsync(held);
        held.Audio.IsSpeaking = false;
        await held.OfferAsync(direction);
        await Task.Delay(TimeSpan.FromSeconds(3 * MediaTimeout)); // nothing may happen
        Assert.That(held.Phone.HasEnded, Is.False);
        await held.OfferAsync("sendrecv");
        held.Audio.IsSpeaking = true;
        await other.HearsAsync(held);
        await held.HearsAsync(other);
        await GoodCallsHearEachOtherAsync();
    }

    // Every call in progress hears on while a caller sends packets that jump: sequence, timestamp, source, payload type.
    [Test]
    public async Task A_phone_whose_packets_jump_harms_nobody()
    {
        await StartAsync();
        var wild = NewCall("wild", 1700, IPAddress.Parse("127.0.0.41"));
        await wild.JoinAsync("open-wild", Clock);
        await wild.GetsAsync(10);
        wild.Audio.IsSpeaking = false;
        wild.Audio.CloseSocket();
        await using (var sender = new Stranger(wild.Audio.LocalEndPoint))
        {
            var random = new Random(1);
            var packet = new byte[172];
            var (sequence, timestamp) = (0, 0u);
            int[] steps = [1, 2, 63, 64, 65, 66, -1, -64, 101, 3000, 30000];
            for (var i = 0; i < 10_000; i++)
            {
                sequence += steps[random.Next(random.Next(4) == 0 ? steps.Length : 1)];
                timestamp += (uint)(random.Next(8) == 0 ? random.Next(-2000, 2000) : 160);
                packet[0] = 0x80;
                packet[1] = (byte)(random.Next(16) switch { 0 => 13, 1 => 101, 2 => 0, _ => 8 });
                BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)sequence);
                BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), timestamp);
                BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), random.Next(50) == 0 ? (uint)random.Next() : wild.Audio.Ssrc);
                sender.Send(wild.ServerAudio, packet);
                if (i % 20 == 0)
                    await Task.Delay(1);
            }

            await GoodCallsHearEachOtherAsync();
        }

        wild.Audio.OpenSocket();
        wild.Audio.IsSpeaking = true;
        var listener = NewCall("listener", 1900);
        await listener.JoinAsync("open-wild", Clock);
        await listener.HearsAsync(wild);
    }

    // A line that doubles and swaps packets, and a phone that starts its stream anew: heard all the same, and nothing counts as lost.
    [Test]
    public async Task Doubled_and_swapped_packets_and_a_new_source_are_no_losses()
    {
        await StartAsync();
        var odd = NewCall("odd", 1700);
        odd.Audio.DoublesAndSwaps = true;
        var listener = NewCall("listener", 1900);
        await listener.JoinAsync("open-odd", Clock);
        await odd.JoinAsync("open-odd", Clock);
        await listener.HearsAsync(odd);
        odd.Audio.Ssrc ^= 0x5A5A5A5A;
        await listener.GetsAsync(listener.Audio.Received + 20); // past what waited
        await listener.HearsAsync(odd);
        var audio = (await Control.CallAsync("odd")).GetProperty("audio");
        Assert.That(audio.GetProperty("packets_lost").GetInt64(), Is.Zero);
        await GoodCallsHearEachOtherAsync();
    }
}
