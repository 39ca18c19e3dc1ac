namespace Atm0s.Sip.Media.Codecs.G722;

internal sealed class G722Encoder : IAudioEncoder
{
    /// <summary>Samples a second.</summary>
    public const int Rate = 16000;

    private readonly G722Analysis _analysis = new(SubBand.CreateLow(), SubBand.CreateHigh());

    public int SampleRate => Rate;

    /// <summary>Encodes any even number of samples; one left over is not sent.</summary>
    public int Encode(ReadOnlySpan<short> pcm, Span<byte> output)
    {
        var length = pcm.Length / 2;
        if (output.Length < length)
            return 0;
        _analysis.Encode(pcm, output[..length]);
        return length;
    }

    public void Dispose()
    {
    }
}
