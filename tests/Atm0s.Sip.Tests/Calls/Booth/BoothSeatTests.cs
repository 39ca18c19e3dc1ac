using Atm0s.Sip.Bots;
using Atm0s.Sip.Calls.Booth;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Recordings;
using Atm0s.Sip.Sounds;
using Atm0s.Sip.TestKit;

namespace Atm0s.Sip.Tests.Calls.Booth;

/// <summary>The small room of a phone, on the ticks of both its sides.</summary>
public sealed class BoothSeatTests
{
    private readonly short[] _frame = new short[160];

    /// <summary>A call that is played to over its room, streamed and recorded all at once.</summary>
    [Test]
    public void Ticks_AllocateNothing()
    {
        var seat = new BoothSeat(8000);
        var scheduler = new ManualScheduler();
        var clip = AudioClip.FromPcm(Tone(), 8000);
        var options = new PlayOptions { Loop = true, OverRoom = true, Duck = true };
        seat.Add((IPcmEndpoint)new ClipPlayer(clip, 8000, options, scheduler, () => { }));
        seat.Add((IPcmEndpoint)new BotPort(8000, 8000, new RoomBotOptions { SampleRate = 8000 }, scheduler, _ => { }));
        seat.Add((IBoothTap)new RecordingFeed(8000, 1, mixes: true, TimeSpan.FromSeconds(5), () => { }));
        for (var i = 0; i < 100; i++)
            Tick(seat);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            Tick(seat);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.EqualTo(0));
    }

    /// <summary>A recording of both directions in one channel turns two loud voices down, and does not cut them off.</summary>
    [Test]
    public void LoudVoicesInOneChannel_AreNotCutOff()
    {
        var feed = new RecordingFeed(8000, 1, mixes: true, TimeSpan.FromSeconds(5), () => { });
        var (said, heard) = (new short[160], new short[160]);
        var peaks = new List<int>();
        for (var n = 0; n < 20; n++)
        {
            for (var i = 0; i < said.Length; i++)
            {
                said[i] = (short)(24_000 * Math.Sin(Math.Tau * 500 * i / 8000));
                heard[i] = said[i];
            }

            feed.OnFrame(said, heard);
            Assert.That(feed.TryTake(_frame, out _), Is.True);
            peaks.Add(_frame.Count(sample => Math.Abs((int)sample) >= 32_700));
        }

        Assert.That(peaks[1..], Has.All.EqualTo(0), "a clamp would hold the tops of the waves at full scale");
        Assert.That(_frame.Max(), Is.GreaterThan(30_000));
    }

    private static short[] Tone() =>
        [.. Enumerable.Range(0, 8000).Select(i => (short)(20_000 * Math.Sin(Math.Tau * 700 * i / 8000)))];

    private void Tick(BoothSeat seat)
    {
        for (var i = 0; i < _frame.Length; i++)
            _frame[i] = (short)(20_000 * Math.Sin(Math.Tau * 440 * i / 8000));
        seat.WriteOutside(_frame);
        seat.Write(_frame);
        seat.Read(_frame);
        seat.ReadOutside(_frame);
    }
}
