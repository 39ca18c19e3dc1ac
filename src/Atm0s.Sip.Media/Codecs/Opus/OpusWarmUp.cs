namespace Atm0s.Sip.Media.Codecs.Opus;

/// <summary>
/// Lets a managed implementation work on some seconds of audio, so that its code is compiled before the first call: compiling takes tens of
/// milliseconds a frame, which on a media thread every call would hear.
/// </summary>
public static class OpusWarmUp
{
    /// <summary>Frames of 20 ms of each kind of audio: as many as the runtime counts before it compiles code for good, and some more.</summary>
    private const int Frames = 50;

    private const int Frame = OpusPacket.SampleRate / 50;

    /// <summary>Encodes, decodes and conceals voice, noise and silence, 150 frames in all. Takes 1 to 2 s of processor time where code is compiled at run time.</summary>
    /// <param name="provider">An available provider.</param>
    public static void Run(IOpusCodecProvider provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        // With loss to expect and without: the encoder takes other ways then.
        using var robust = provider.CreateEncoder(new OpusEncoderOptions { ExpectedLossPercent = 20 });
        using var plain = provider.CreateEncoder(new OpusEncoderOptions { ExpectedLossPercent = 0 });
        using var decoder = provider.CreateDecoder();
        var (pcm, packet) = (new short[Frame], new byte[OpusPacket.MaxFrameBytes]);
        for (var i = 0; i < 3 * Frames; i++)
        {
            Fill(pcm, i / Frames, i * Frame);
            var length = (i % 2 == 0 ? robust : plain).Encode(pcm, packet);
            if (i % 5 == 4)
                decoder.Conceal(pcm, i % 10 == 4 ? packet.AsSpan(0, length) : default);
            decoder.Decode(packet.AsSpan(0, length), pcm);
        }
    }

    private static void Fill(Span<short> pcm, int kind, int start)
    {
        var noise = (uint)start + 1;
        for (var i = 0; i < pcm.Length; i++)
        {
            noise = (noise * 1_664_525) + 1_013_904_223;
            pcm[i] = kind switch
            {
                0 => Voice(start + i),
                1 => (short)((int)noise >> 19), // -18 dBFS
                _ => 0,
            };
        }
    }

    // Pulses at 140 Hz with the first formants of an "a", in syllables of 0.3 s.
    private static short Voice(int sample)
    {
        var time = sample % (OpusPacket.SampleRate / 140) / (double)OpusPacket.SampleRate;
        var tone = Math.Sin(Math.Tau * 700 * time) + (0.6 * Math.Sin(Math.Tau * 1220 * time)) + (0.3 * Math.Sin(Math.Tau * 2600 * time));
        var syllable = Math.Abs(Math.Sin(Math.PI * sample / (0.3 * OpusPacket.SampleRate)));
        return (short)(6000 * syllable * tone * Math.Exp(-time * 250));
    }
}
