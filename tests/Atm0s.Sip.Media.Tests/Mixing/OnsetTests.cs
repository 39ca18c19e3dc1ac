using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Diagnostics;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.TestKit.Net;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>
/// Twelve phones that send the noise of their rooms in Opus; one of them begins to speak now and then. How long until a listener hears it,
/// and how many packets had to be decoded.
/// </summary>
[NonParallelizable]
public sealed class OnsetTests
{
    private const int Phones = 12;
    private const int Frame = 960;

    private static (byte[], int)[] _noise = [];
    private static (byte[], int)[][] _voices = [];

    [SetUp]
    public void SetUp()
    {
        if (!LibOpusCodecProvider.Instance.IsAvailable)
            Assert.Ignore("apt-get install libopus0");
        if (_noise.Length > 0)
            return;
        var random = new Random(5);
        _noise = OpusPhone.Encode(Enumerable.Range(0, 300).Select(_ => Noise()));
        // Each begins at another point of the syllable, after a second of noise: encoders learn what silence is.
        _voices = [.. Enumerable.Range(0, 8).Select(number =>
        {
            var voice = Tone.MakeVoice(48_000, 30 * Frame, 110 + (20 * number));
            var frames = Enumerable.Range(0, 80).Select(i =>
                i < 50 ? Noise() : [.. voice.Skip((i - 50) * Frame).Take(Frame).Select(sample => (short)(sample / (1 + (number % 3))))]);
            return OpusPhone.Encode(frames)[50..];
        })];

        short[] Noise() => [.. Enumerable.Range(0, Frame).Select(_ => (short)random.Next(-100, 101))];
    }

    [TestCase(MixRoom.AllSpeakers, 0, 0.0), TestCase(3, 0, 0.45), TestCase(3, 1, 0.45)]
    public void NewSpeaker_IsHeardWithinEightyMilliseconds(int maxSpeakers, int levels, double leftOut)
    {
        using var world = new World(maxSpeakers, levels);
        var delays = new List<int>();
        for (var i = 0; i < (maxSpeakers > Phones ? 8 : 24); i++)
            delays.Add(world.Speak(1 + (i % (Phones - 1)), i));

        delays.Sort();
        var share = world.LeftOut;
        TestContext.Out.WriteLine(
            $"first heard after ms: p50 {delays[delays.Count / 2]}, max {delays[^1]}; {100 * share:F0} % of the packets not decoded");
        Assert.That(delays[delays.Count / 2], Is.LessThanOrEqualTo(60));
        Assert.That(delays[^1], Is.LessThanOrEqualTo(80));
        Assert.That(share, Is.GreaterThanOrEqualTo(leftOut));
    }

    private sealed class World : IDisposable
    {
        private readonly InMemoryMediaNetwork _network;
        private readonly ManualMediaClock _clock = new();
        private readonly MediaEngine _engine;
        private readonly OpusPhone[] _phones;
        private readonly OpusPhone _listener;
        private int _ticks;

        public World(int maxSpeakers, int levels)
        {
            _network = new InMemoryMediaNetwork(1, _clock);
            _engine = new MediaEngine(
                new MediaEngineOptions { FirstPort = 20_000, LastPort = 20_999, MaxSpeakers = maxSpeakers },
                _network, _clock, TimeProvider.System, new Random(1), NullLogger.Instance);
            _engine.Start();
            var room = _engine.CreateRoom("room");
            _phones = [.. Enumerable.Range(0, Phones).Select(i => new OpusPhone(_engine, _network, room, i + 1, levels))];
            _listener = new OpusPhone(_engine, _network, room, Phones + 1);
            for (var i = 0; i < 100; i++)
                Tick(-1, default);
        }

        public double LeftOut => _engine.Metrics.PacketsLeftOut / (double)_engine.Metrics.PacketsReceived;

        /// <summary>One speaks for 0.6 s, then all are silent for as long.</summary>
        /// <returns>Milliseconds from the first loud frame to the first that was heard.</returns>
        public int Speak(int who, int number)
        {
            var delay = -1;
            for (var i = 0; i < 30; i++)
            {
                Tick(who, _voices[number % _voices.Length][i]);
                if (delay < 0 && _listener.Heard.Length > 0 && Tone.Rms(_listener.Heard) > 350)
                    delay = (i + 1) * 20;
            }

            for (var i = 0; i < 30 + (number % 7); i++)
                Tick(-1, default);
            Assert.That(delay, Is.Positive, "it was heard at all");
            return delay;
        }

        public void Dispose()
        {
            _engine.Dispose();
            foreach (var phone in _phones.Append(_listener))
                phone.Dispose();
        }

        private void Tick(int speaker, (byte[], int) voice)
        {
            _ticks++;
            for (var i = 0; i < _phones.Length; i++)
                _phones[i].Say(i == speaker ? voice : _noise[(_ticks + (i * 23)) % _noise.Length]);

            _clock.Advance(MediaClock.Period);
            _listener.Hear(listens: true);
            foreach (var phone in _phones)
                phone.Hear(listens: false);
        }
    }
}
