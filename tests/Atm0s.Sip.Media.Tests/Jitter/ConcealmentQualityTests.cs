using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Tests.Jitter;

/// <summary>How near what is made up is to what was lost.</summary>
public sealed class ConcealmentQualityTests
{
    private const int Frame = 160;

    /// <summary>
    /// One frame in fifty of a voice. With the steps of G.711 Appendix I as they stand there it is 3.5 dB and 2.3 dB here.
    /// </summary>
    [TestCase(1, 3.9), TestCase(2, 2.6)]
    public void LostFrames_OfAVoice_AreNearerThanByAppendixI(int lost, double decibels)
    {
        var voice = Tone.MakeVoice(8000, 20 * 8000, syllables: true);
        var (ours, repetition) = (new List<double>(), new List<double>());
        for (var phase = 0; phase < 50; phase += 5)
        {
            var concealer = new PacketLossConcealer(8000);
            var heard = new short[voice.Length];
            for (var frame = 0; frame < voice.Length / Frame; frame++)
            {
                var target = heard.AsSpan(frame * Frame, Frame);
                var at = (frame + phase) % 50;
                if (frame > 10 && at < lost)
                {
                    concealer.Conceal(target);
                }
                else
                {
                    voice.AsSpan(frame * Frame, Frame).CopyTo(target);
                    concealer.Received(target);
                }

                if (frame < 12 || at != lost - 1)
                    continue;
                var original = voice.AsSpan((frame - lost + 1) * Frame, lost * Frame);
                if (Tone.Rms(original) < 200)
                    continue;
                ours.Add(Snr(original, heard.AsSpan((frame - lost + 1) * Frame, lost * Frame)));
                repetition.Add(Snr(original, voice.AsSpan((frame - (2 * lost) + 1) * Frame, lost * Frame)));
            }
        }

        TestContext.Out.WriteLine($"segmental SNR {ours.Average():F2} dB, repetition {repetition.Average():F2} dB");
        Assert.That(ours.Average(), Is.GreaterThan(decibels));
        Assert.That(ours.Average(), Is.GreaterThan(repetition.Average() + 2));
    }

    /// <summary>When losses are met, one packet more is waited for, and most of what is lost comes from its copy in that.</summary>
    [Test]
    public void OpusWithCopies_LossesAreRepaired_AtOnePacketOfDelay()
    {
        if (!LibOpusCodecProvider.Instance.IsAvailable)
            Assert.Ignore("libopus is not here.");
        var codec = new OpusCodec(LibOpusCodecProvider.Instance);
        var voice = Tone.MakeVoice(48_000, 48_000 * 20, syllables: true);
        var counting = new CountingCodec(codec);
        using var encoder = codec.CreateEncoder(AudioEncoderSettings.Default);
        if (encoder is ILossAwareEncoder aware)
            aware.ExpectedLossPercent = 20;
        using var link = new Link(new RtpFormat(96, counting));
        var payload = new byte[1500];
        var repairable = 0;
        for (var i = 0; i < 1000; i++)
        {
            var length = encoder.Encode(voice.AsSpan(i * 960, 960), payload);
            repairable += i % 20 == 0 && OpusPacket.TryParse(payload.AsSpan(0, length), out var packet) && packet.HasFec ? 1 : 0;
            if (i % 20 != 19)
                link.Packet(96, payload.AsSpan(0, length), ago: 8);
            link.Sequence++;
            link.Timestamp += 960;
            link.Read();
        }

        TestContext.Out.WriteLine($"{counting.Repaired} of {repairable} repaired, delay {link.Receiver.Delay.TotalMilliseconds:F1} ms");
        Assert.That(counting.Repaired, Is.GreaterThan(0.8 * repairable));
        Assert.That(link.Receiver.Delay.TotalMilliseconds, Is.LessThan(60));
    }

    /// <summary>The decoder of Opus fades by itself, to the end of its own second.</summary>
    [Test]
    public void Opus_FadesToItsOwnEnd()
    {
        if (!LibOpusCodecProvider.Instance.IsAvailable)
            Assert.Ignore("libopus is not here.");
        using var link = new Link(new RtpFormat(96, new OpusCodec(LibOpusCodecProvider.Instance)));
        var voice = Tone.MakeVoice(48_000, 48_000);
        for (var i = 0; i < 50; i++)
        {
            link.Audio(voice.AsSpan(i * 960, 960));
            link.Read();
        }

        var start = link.Frames.Count;
        link.Read(60);
        var levels = link.Frames[start..].Select(frame => Tone.Rms(frame.Pcm)).ToArray();
        Assert.That(levels[20..25], Has.Some.GreaterThan(0), "after 400 ms");
        Assert.That(levels[51..], Is.All.Zero);
        for (var i = 1; i < levels.Length; i++)
            Assert.That(levels[i - 1] - levels[i], Is.LessThan(Math.Max(400, 0.9 * levels[i - 1])), $"no step at {20 * i} ms");
    }

    private static double Snr(ReadOnlySpan<short> original, ReadOnlySpan<short> heard) =>
        Math.Clamp(Tone.SignalToErrorDb(original, heard), -10, 35);

    private sealed class CountingCodec(IAudioCodec codec) : IAudioCodec
    {
        public string Name => codec.Name;

        public int ClockRate => codec.ClockRate;

        public int Channels => codec.Channels;

        public int StaticPayloadType => codec.StaticPayloadType;

        public int SampleRate => codec.SampleRate;

        public string? FormatParameters => codec.FormatParameters;

        public int Repaired { get; set; }

        public IAudioEncoder CreateEncoder(AudioEncoderSettings settings) => codec.CreateEncoder(settings);

        public IAudioDecoder CreateDecoder() => new CountingDecoder(this, codec.CreateDecoder());
    }

    private sealed class CountingDecoder(CountingCodec counts, IAudioDecoder decoder) : IAudioDecoder
    {
        public int SampleRate => decoder.SampleRate;

        public int Decode(ReadOnlySpan<byte> payload, Span<short> pcm) => decoder.Decode(payload, pcm);

        public void Conceal(Span<short> pcm, ReadOnlySpan<byte> next)
        {
            counts.Repaired += next.IsEmpty ? 0 : 1;
            decoder.Conceal(pcm, next);
        }

        public void Dispose() => decoder.Dispose();
    }
}
