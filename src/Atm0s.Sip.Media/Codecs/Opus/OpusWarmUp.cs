using System.Runtime.CompilerServices;

namespace Atm0s.Sip.Media.Codecs.Opus;

/// <summary>
/// Lets a managed implementation work on some seconds of audio, so that its code is compiled before the first call: compiling takes tens of
/// milliseconds a frame, which on a media thread every call would hear.
/// </summary>
public static class OpusWarmUp
{
    private const int Frame = OpusPacket.SampleRate / 50;
    private const int FramesPerRound = 51; // the runtime looks at code again after 30 calls

    // Quick code, instrumented code, good code, and what those reach only then. Compiled ahead, there is nothing to wait for.
    private static readonly int Rounds = RuntimeFeature.IsDynamicCodeCompiled ? 5 : 1;

    // The runtime compiles better code in the background only after 100 ms in which no new code was needed.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    /// <summary>
    /// Encodes, decodes and conceals voice, noise and silence: 255 frames in rounds. Takes 1 to 2 s where code is compiled at run time, 0.1
    /// s where it was
    /// compiled ahead.
    /// </summary>
    /// <param name="provider">An available provider.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task RunAsync(IOpusCodecProvider provider, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(provider);
        // With loss to expect and without: the encoder takes other ways then.
        using var robust = provider.CreateEncoder(new OpusEncoderOptions { ExpectedLossPercent = 20 });
        using var plain = provider.CreateEncoder(new OpusEncoderOptions { ExpectedLossPercent = 0 });
        using var decoder = provider.CreateDecoder();
        for (var round = 0; round < Rounds; round++)
        {
            Work(robust, plain, decoder);
            if (Rounds > 1)
                await Task.Delay(Pause, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
    }

    private static void Work(IAudioEncoder robust, IAudioEncoder plain, IAudioDecoder decoder)
    {
        var (pcm, packet) = (new short[Frame], new byte[OpusPacket.MaxFrameBytes]);
        for (var i = 0; i < FramesPerRound; i++)
        {
            Fill(pcm, i * 3 / FramesPerRound, i * Frame);
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
