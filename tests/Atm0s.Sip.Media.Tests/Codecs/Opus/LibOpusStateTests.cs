using Atm0s.Sip.Media.Codecs.Opus;

namespace Atm0s.Sip.Media.Tests.Codecs.Opus;

/// <summary>States of libopus go from call to call: nobody hears anything of the call before, and no state has two owners.</summary>
public sealed class LibOpusStateTests
{
    private const int Frame = 960;

    private static readonly short[] Voice = Tone.MakeVoice(48_000, 50 * Frame);
    private static readonly OpusEncoderOptions Plain = new() { ExpectedLossPercent = 0 };

    [OneTimeSetUp]
    public void SkipWithoutLibopus()
    {
        if (!LibOpusCodecProvider.Instance.IsAvailable)
            Assert.Ignore(LibOpusCodecProvider.Instance.Status);
    }

    [Test]
    public void StateOfAnEarlierCall_EncodesLikeANewOne()
    {
        var first = Encode(Plain);
        Encode(new OpusEncoderOptions
        {
            Bitrate = 64_000, Complexity = 9, ExpectedLossPercent = 20, UseConstantBitrate = true, MaxBandwidth = OpusBandwidth.Narrow,
        });
        Assert.That(Encode(Plain), Is.EqualTo(first));
    }

    [Test]
    public void StateOfAnEarlierCall_DecodesLikeANewOne()
    {
        var packets = Encode(Plain);
        var first = Decode(packets);
        Decode(Encode(Plain with { Bitrate = 64_000 }));
        Assert.That(Decode(packets), Is.EqualTo(first));
    }

    [Test]
    public void DecoderWithoutAPacket_ConcealsWithSilence()
    {
        using var decoder = new LibOpusDecoder();
        var pcm = new short[Frame];
        Array.Fill(pcm, (short)1000);
        decoder.Conceal(pcm, []);
        Assert.That(pcm, Is.All.Zero);
    }

    [Test]
    public void EndOnAnotherThread_LeavesNoStateWithTwoOwners()
    {
        // An end in the middle of a frame gives the state to the frame; before and behind it, to the pool.
        for (var i = 0; i < 200; i++)
        {
            var encoder = new LibOpusEncoder(Plain);
            var decoder = new LibOpusDecoder();
            using var go = new ManualResetEventSlim();
            var end = Task.Run(() =>
            {
                go.Wait();
                encoder.Dispose();
                decoder.Dispose();
            });
            var (payload, pcm) = (new byte[1275], new short[Frame]);
            go.Set();
            for (var frame = 0; frame < 6; frame++)
            {
                var length = encoder.Encode(Voice.AsSpan(frame * Frame, Frame), payload);
                decoder.Decode(payload.AsSpan(0, Math.Max(0, length)), pcm);
            }

            end.Wait();
            Assert.That(encoder.HasState, Is.False);
            Assert.That(encoder.Encode(Voice.AsSpan(0, Frame), payload), Is.Zero, "it has ended");
        }

        var (one, another) = (Encode(Plain), Encode(Plain));
        Assert.That(another, Is.EqualTo(one));
    }

    private static List<byte[]> Encode(OpusEncoderOptions options)
    {
        using var encoder = new LibOpusEncoder(options);
        var (packets, payload) = (new List<byte[]>(), new byte[1275]);
        for (var i = 0; i < 50; i++)
            packets.Add(payload[..encoder.Encode(Voice.AsSpan(i * Frame, Frame), payload)]);
        return packets;
    }

    private static short[] Decode(List<byte[]> packets)
    {
        using var decoder = new LibOpusDecoder();
        var pcm = new short[packets.Count * Frame];
        for (var i = 0; i < packets.Count; i++)
            Assert.That(decoder.Decode(packets[i], pcm.AsSpan(i * Frame, Frame)), Is.EqualTo(Frame));
        return pcm;
    }
}
