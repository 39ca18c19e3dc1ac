using Atm0s.Sip.Hooks;
using Atm0s.Sip.Interop.Phones;
using Atm0s.Sip.Interop.Processes;
using Atm0s.Sip.Interop.Scenarios;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Interop.Bots;

/// <summary>Programs in rooms, with real phones over real sockets.</summary>
public sealed class BotCallTests : InteropTest
{
    [TestCase("PCMA", 8000), TestCase("opus", 24_000), TestCase("G722", 16_000), TestCase("PCMU", 48_000)]
    public async Task Bot_and_phone_hear_each_other(string codec, int rate)
    {
        var server = await StartAsync();
        var alice = await BaresipAsync(new PhoneOptions("alice", server.Udp, 440) { Codec = codec, Register = false });
        await alice.DialAsync("room-bot");
        await alice.WaitAsync("CALL_ESTABLISHED");
        await using var bot = await server.Sip.AddParticipantAsync("room-bot", new RoomBotOptions { SampleRate = rate });
        bot.Say(Tone(880, rate, 60));
        await Hearing.ToneAsync(alice, 880, 20);

        var heard = new List<float>();
        var buffer = new short[bot.FrameLength];
        while (heard.Count < rate * 3)
            heard.AddRange(buffer[..await bot.HearAsync(buffer).AsTask().WaitAsync(Soon)].Select(sample => sample / 32768f));
        var audio = new WavFile(rate, [.. heard]).End(TimeSpan.FromSeconds(2));
        Assert.That(audio.StrongestFrequency(), Is.EqualTo(440).Within(2));
        Assert.That(audio.Measure(440, 880).Levels[880], Is.LessThan(-45), "it does not hear itself");
        await alice.PressAsync('7');
        while (await bot.Events.ReadAsync().AsTask().WaitAsync(Soon) is not RoomBotEvent.Digit { Key: '7' })
        {
            // Others, and that somebody talks.
        }
    }

    // What it says is noise, of which each place can be found again in what the phone has recorded.
    [Test]
    public async Task Flush_stops_within_40_ms_on_the_wire_and_tells_how_much_was_heard()
    {
        const int Rate = 8000;
        var server = await StartAsync();
        var alice = await BaresipAsync(new PhoneOptions("alice", server.Udp, 440) { Register = false });
        await alice.DialAsync("room-bot");
        await alice.WaitAsync("CALL_ESTABLISHED");
        await using var bot = await server.Sip.AddParticipantAsync("room-bot", new RoomBotOptions { SampleRate = Rate });
        var random = new Random(1);
        var speech = Enumerable.Range(0, Rate * 30).Select(_ => (short)random.Next(-8000, 8000)).ToArray();
        bot.Say(speech);
        await UntilAsync(() => alice.Recorded().Samples.Count(IsLoud) > Rate, "a second of it");
        var whole = bot.WhenHeardAsync();
        var (heard, dropped) = bot.Flush();
        Assert.That(await whole.WaitAsync(Soon), Is.False);
        Assert.That((heard + dropped).TotalSeconds, Is.EqualTo(30).Within(0.001));

        var ended = alice.Recorded().Duration;
        await UntilAsync(() => alice.Recorded().Duration > ended + TimeSpan.FromSeconds(2), "silence");
        var recorded = alice.Recorded().Samples;
        var last = Array.FindLastIndex(recorded, IsLoud);
        Assert.That((double)(recorded.Length - last) / Rate, Is.GreaterThan(1), "it is silent from then on");
        var place = (double)Find(recorded.AsSpan(last - 500, 400), speech) / Rate;
        var onTheWire = place + (500.0 / Rate);
        TestContext.Out.WriteLine($"flushed at {heard.TotalSeconds:0.000} s, the last of it on the wire is of {onTheWire:0.000} s");
        Assert.That(onTheWire - heard.TotalSeconds, Is.InRange(-0.02, 0.04));
    }

    // The voice bot's rule: others talk, so it stops; from the first packet of the phone on it takes 60 ms to know, and 40 to be silent.
    [Test]
    public async Task Barge_in_of_a_phone_that_begins_to_talk_stops_the_bot()
    {
        var server = await StartAsync();
        var bob = await BaresipAsync(new PhoneOptions("bob", server.Udp, 880) { Register = false });
        await bob.DialAsync("room-bot");
        await bob.WaitAsync("CALL_ESTABLISHED");
        var call = await server.AnsweredAsync(CallDirection.Incoming);
        Assert.That(await call.MuteAsync(true), Is.EqualTo(CallCommandResult.Done));
        RoomBot bot = null!;
        var flushed = new TaskCompletionSource<BotPlayback>(TaskCreationOptions.RunContinuationsAsynchronously);
        bot = await server.Sip.AddParticipantAsync("room-bot", new RoomBotOptions
        {
            SampleRate = 8000,
            OnEvent = what =>
            {
                if (what is RoomBotEvent.Talking { IsTalking: true })
                    flushed.TrySetResult(bot.Flush());
            },
        });
        bot.Say(Tone(1000, 8000, 60));
        await Hearing.ToneAsync(bob, 1000, 20);
        Assert.That(flushed.Task.IsCompleted, Is.False, "nobody talks yet");
        Assert.That(await call.MuteAsync(false), Is.EqualTo(CallCommandResult.Done));
        var playback = await flushed.Task.WaitAsync(Soon);
        Assert.That(playback.Heard, Is.GreaterThan(TimeSpan.FromSeconds(2)));
        Assert.That(playback.Dropped, Is.GreaterThan(TimeSpan.FromSeconds(1)));
        await Hearing.NoneAsync(bob, 1000);
        // What the phone has lost on a busy machine is less; more it can't have.
        var loud = bob.Recorded().Samples.Chunk(80).Count(part => part.Any(IsLoud)) / 100.0;
        Assert.That(loud, Is.InRange(1, playback.Heard.TotalSeconds + 0.1));
    }

    private static short[] Tone(double hz, int rate, int seconds) =>
        [.. Enumerable.Range(0, rate * seconds).Select(i => (short)(8231 * Math.Sin(Math.Tau * hz * i / rate)))];

    private static bool IsLoud(float sample) => Math.Abs(sample) > 0.02f;

    // Where a piece stands in a whole, by their correlation.
    private static int Find(ReadOnlySpan<float> piece, ReadOnlySpan<short> whole)
    {
        var (best, at) = (0.0, -1);
        for (var i = 0; i + piece.Length <= whole.Length; i++)
        {
            double sum = 0, power = 0;
            for (var n = 0; n < piece.Length; n++)
            {
                sum += piece[n] * whole[i + n];
                power += (double)whole[i + n] * whole[i + n];
            }

            if (sum / Math.Sqrt(power) is var likeness && likeness > best)
                (best, at) = (likeness, i);
        }

        double own = 0;
        foreach (var sample in piece)
            own += sample * sample;
        Assert.That(best / Math.Sqrt(own), Is.GreaterThan(0.8), "the piece is of the whole");
        return at;
    }

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        for (var end = DateTime.UtcNow + (2 * Soon); !condition(); await Task.Delay(50))
            Assert.That(DateTime.UtcNow, Is.LessThan(end), what);
    }

    private async Task<LocalServer> StartAsync()
    {
        var server = await LocalServer.StartAsync();
        return Keep(server, server.Told, server.Record);
    }
}
