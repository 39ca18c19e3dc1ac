using Atm0s.Sip.Media.Codecs.Opus;

namespace Atm0s.Sip.Media.Tests.Codecs.Opus;

/// <summary>What an encoder does while there is nothing to hear, and that nobody hears the difference.</summary>
public sealed class OpusSilenceTests
{
    private const int Frame = 960;
    private const int OneSecond = 50;

    private static readonly short[] Silence = new short[Frame];

    private readonly byte[] _payload = new byte[1275];
    private readonly short[] _heard = new short[Frame];

    [OneTimeSetUp]
    public void SkipWithoutLibopus()
    {
        if (!LibOpusCodecProvider.Instance.IsAvailable)
            Assert.Ignore(LibOpusCodecProvider.Instance.Status);
    }

    [Test]
    public void SilenceFromTheStart_TakesNoStateOfLibopus_OnceItIsKnown()
    {
        WriteDown();
        using var encoder = new LibOpusEncoder(Options);
        for (var i = 0; i < 10 * OneSecond; i++)
        {
            Assert.That(encoder.Encode(Silence, _payload), Is.Positive);
            Assert.That(encoder.HasState, Is.False);
        }
    }

    [Test]
    public void SharedSilence_IsSilence_AlsoWhereItRepeats()
    {
        WriteDown();
        using var encoder = new LibOpusEncoder(Options);
        using var decoder = new LibOpusDecoder();
        for (var i = 0; i < 5 * OpusSilence.Packets; i++)
            Assert.That(Loudest(Hear(encoder, decoder, Silence)), Is.LessThan(8), $"packet {i}");
    }

    [Test]
    public void SilenceAfterSound_FadesOutAsEver_ThenLetsGoOfTheState()
    {
        WriteDown();
        using var encoder = new LibOpusEncoder(Options);
        using var decoder = new LibOpusDecoder();
        Say(encoder, decoder, OneSecond);
        for (var i = 0; i < OneSecond; i++)
        {
            Hear(encoder, decoder, Silence);
            Assert.That(encoder.HasState, Is.True);
        }

        for (var i = 0; i < 2 * OneSecond; i++)
        {
            Assert.That(Loudest(Hear(encoder, decoder, Silence)), Is.LessThan(8));
            Assert.That(encoder.HasState, Is.False);
        }
    }

    [Test]
    public void SoundAfterSharedSilence_IsAsGoodAsFromAnEncoderThatWorkedAllTheTime([Values(0, 1)] int secondsOfSoundBefore)
    {
        WriteDown();
        using var encoder = new LibOpusEncoder(Options);
        using var decoder = new LibOpusDecoder();
        Say(encoder, decoder, secondsOfSoundBefore * OneSecond);
        for (var i = 0; i < 4 * OneSecond; i++)
            Hear(encoder, decoder, Silence);
        Assert.That(encoder.HasState, Is.False);

        // DTX off and a limit of the peer on: this one shares nothing.
        using var diligent = new LibOpusEncoder(Options with { MaxAverageBitrate = 510_000 });
        using var other = new LibOpusDecoder();
        Say(diligent, other, secondsOfSoundBefore * OneSecond);
        for (var i = 0; i < 4 * OneSecond; i++)
            Hear(diligent, other, Silence);
        Assert.That(diligent.HasState, Is.True);

        var (resting, working) = (Say(encoder, decoder, 10), Say(diligent, other, 10));
        Assert.That(10 * Math.Log10(resting / working), Is.EqualTo(0).Within(1), "dB");
    }

    [Test]
    public void DiscontinuousTransmission_AndALimitOfThePeer_AreLeftAlone()
    {
        WriteDown();
        using var pausing = new LibOpusEncoder(Options with { UseDtx = true });
        var sent = Enumerable.Range(0, 2 * OneSecond).Count(_ => pausing.Encode(Silence, _payload) > 0);
        Assert.That(sent, Is.LessThan(OneSecond), "DTX sends one packet in twenty");
        using var limited = new LibOpusEncoder(Options with { MaxAverageBitrate = 6000 });
        var bytes = Enumerable.Range(0, 4 * OneSecond).Sum(_ => limited.Encode(Silence, _payload));
        Assert.That(bytes * 8 / 4, Is.LessThanOrEqualTo(6600));
    }

    [Test]
    public void SilenceThatDoesNotFit_IsEncoded()
    {
        WriteDown();
        using var encoder = new LibOpusEncoder(Options);
        Assert.That(encoder.Encode(Silence, _payload.AsSpan(0, 8)), Is.InRange(1, 8));
        Assert.That(encoder.HasState, Is.True);
    }

    [Test]
    public void Silence_AllocatesNothing()
    {
        WriteDown();
        using var encoder = new LibOpusEncoder(Options);
        Assert.That(AllocationMeter.Measure(() => encoder.Encode(Silence, _payload), 1000), Is.Zero);
    }

    private static OpusEncoderOptions Options { get; } = new() { Bitrate = 24_000, Complexity = 5, ExpectedLossPercent = 0 };

    // Whichever test comes first: the packets of this kind are known from now on.
    private void WriteDown()
    {
        using var first = new LibOpusEncoder(Options);
        for (var i = 0; i < OpusSilence.Packets; i++)
            first.Encode(Silence, _payload);
    }

    private double Say(LibOpusEncoder encoder, LibOpusDecoder decoder, int frames)
    {
        if (frames == 0)
            return 0;
        var voice = Tone.MakeVoice(48_000, frames * Frame);
        var energy = 0.0;
        for (var i = 0; i < frames; i++)
            energy += Hear(encoder, decoder, voice.AsSpan(i * Frame, Frame)).ToArray().Sum(s => (double)s * s);
        return energy;
    }

    private ReadOnlySpan<short> Hear(LibOpusEncoder encoder, LibOpusDecoder decoder, ReadOnlySpan<short> pcm)
    {
        var length = encoder.Encode(pcm, _payload);
        Assert.That(length, Is.Positive);
        Assert.That(decoder.Decode(_payload.AsSpan(0, length), _heard), Is.EqualTo(Frame));
        return _heard;
    }

    private static int Loudest(ReadOnlySpan<short> pcm)
    {
        var loudest = 0;
        foreach (var sample in pcm)
            loudest = Math.Max(loudest, Math.Abs((int)sample));
        return loudest;
    }
}
