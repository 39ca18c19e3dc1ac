using Atm0s.Sip.Media.Codecs.Opus;

namespace Atm0s.Sip.Tests.Rooms;

/// <summary>Opus packets of a tone.</summary>
internal static class Tones
{
    /// <summary>A second of 20 ms each, which repeats without a seam when the tone has whole cycles in it; -12 dBFS.</summary>
    public static byte[][] Packets(double hz)
    {
        using var encoder = LibOpusCodecProvider.Instance.CreateEncoder(new OpusEncoderOptions { ExpectedLossPercent = 0 });
        var amplitude = 32767 * Math.Pow(10, -12 / 20.0);
        var pcm = Enumerable.Range(0, 52_800).Select(i => (short)(amplitude * Math.Sin(Math.Tau * hz * i / 48_000))).ToArray();
        var buffer = new byte[1275];
        return [.. pcm.Chunk(960).Select(frame => buffer[..encoder.Encode(frame, buffer)]).ToArray().Skip(5)];
    }
}
