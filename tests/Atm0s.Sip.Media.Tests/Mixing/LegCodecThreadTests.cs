using System.Collections.Concurrent;
using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>Codecs may take their time to be made and disposed of: neither happens in a tick.</summary>
public sealed class LegCodecThreadTests
{
    private MediaWorld _world = null!;

    [SetUp]
    public void SetUp() => _world = new MediaWorld();

    [TearDown]
    public void TearDown() => _world.Dispose();

    [Test]
    public void Codecs_AreMadeWhereTheyAreAskedFor_AndDisposedOfElsewhere()
    {
        var tick = Environment.CurrentManagedThreadId;
        var (first, second) = (new Recorder(), new Recorder());
        var phone = _world.AddPhone(p => p with { SendFormat = new RtpFormat(8, first), ReceiveFormats = [new RtpFormat(8, first)] });
        phone.IsSpeaking = true;
        _world.Run(0.2);
        Elsewhere(() => phone.Update(p => p with { SendFormat = new RtpFormat(8, second), ReceiveFormats = [new RtpFormat(8, second)] }));
        Assert.That(second.Made, Has.Count.EqualTo(2).And.None.EqualTo(tick));
        _world.Run(0.2);
        Assert.That(() => first.Disposed.Count, Is.EqualTo(2).After(5000, 5));
        Assert.That(first.Disposed, Has.None.EqualTo(tick));
        Elsewhere(phone.Leg.Close);
        _world.Run(0.02);
        Assert.That(() => second.Disposed.Count, Is.EqualTo(2).After(5000, 5));
        Assert.That(second.Disposed, Has.None.EqualTo(tick));
    }

    [Test]
    public void PlansThatNoTickHasTaken_LeaveNothingBehind()
    {
        var codecs = Enumerable.Range(0, 5).Select(_ => new Recorder()).ToArray();
        var phone = _world.AddPhone();
        foreach (var codec in codecs)
            phone.Update(p => p with { SendFormat = new RtpFormat(8, codec), ReceiveFormats = [new RtpFormat(8, codec)] });
        Assert.That(codecs.Select(c => c.Made.Count - c.Disposed.Count), Is.EqualTo(new[] { 0, 0, 0, 0, 2 }));
        phone.Leg.Close();
        _world.Run(0.02);
        Assert.That(() => codecs[4].Disposed.Count, Is.EqualTo(2).After(5000, 5));
    }

    private static void Elsewhere(Action action)
    {
        var thread = new Thread(() => action());
        thread.Start();
        thread.Join();
    }

    private sealed class Recorder : IAudioCodec
    {
        public ConcurrentQueue<int> Made { get; } = [];

        public ConcurrentQueue<int> Disposed { get; } = [];

        public string Name => "PCMA";

        public int ClockRate => 8000;

        public int Channels => 1;

        public int StaticPayloadType => 8;

        public int SampleRate => 8000;

        public string? FormatParameters => null;

        public IAudioEncoder CreateEncoder(AudioEncoderSettings settings) => new Half(this);

        public IAudioDecoder CreateDecoder() => new Half(this);

        private sealed class Half : IAudioEncoder, IAudioDecoder
        {
            private readonly IAudioDecoder _decoder = PcmaCodec.Instance.CreateDecoder();
            private readonly Recorder _codec;

            public Half(Recorder codec)
            {
                _codec = codec;
                codec.Made.Enqueue(Environment.CurrentManagedThreadId);
            }

            public int SampleRate => 8000;

            public int Encode(ReadOnlySpan<short> pcm, Span<byte> output) => ALaw.Encode(pcm, output);

            public int Decode(ReadOnlySpan<byte> payload, Span<short> pcm) => _decoder.Decode(payload, pcm);

            public void Conceal(Span<short> pcm, ReadOnlySpan<byte> next) => _decoder.Conceal(pcm, next);

            public void Dispose() => _codec.Disposed.Enqueue(Environment.CurrentManagedThreadId);
        }
    }
}
