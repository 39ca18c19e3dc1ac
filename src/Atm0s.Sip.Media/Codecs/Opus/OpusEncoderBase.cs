namespace Atm0s.Sip.Media.Codecs.Opus;

/// <summary>What every Opus encoder does around the encoding itself: frame sizes, DTX, expected loss.</summary>
public abstract class OpusEncoderBase : ILossAwareEncoder
{
    private readonly bool _useDtx;
    private int _expectedLossPercent;

    /// <summary>Takes over the options.</summary>
    /// <param name="options">Already validated.</param>
    protected OpusEncoderBase(OpusEncoderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _useDtx = options.UseDtx;
        _expectedLossPercent = options.ExpectedLossPercent;
    }

    /// <inheritdoc/>
    public int SampleRate => OpusPacket.SampleRate;

    /// <inheritdoc/>
    public int ExpectedLossPercent
    {
        get => _expectedLossPercent;
        set
        {
            var percent = Math.Clamp(value, 0, 100);
            if (percent == _expectedLossPercent) return;
            _expectedLossPercent = percent;
            SetExpectedLoss(percent);
        }
    }

    /// <inheritdoc/>
    public int Encode(ReadOnlySpan<short> pcm, Span<byte> output)
    {
        // RFC 6716 §2.1.4: frames of 2.5, 5, 10, 20, 40 or 60 ms.
        if (pcm.Length is not (120 or 240 or 480 or 960 or 1920 or 2880) || output.IsEmpty) return 0;
        if (output.Length > OpusPacket.MaxFrameBytes) output = output[..OpusPacket.MaxFrameBytes];
        var written = EncodeCore(pcm, output);
        if (written <= 0) return 0;
        // RFC 7587 §3.1.3: in DTX a packet of one or two bytes needs not be sent.
        return _useDtx && written <= 2 ? 0 : written;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Encodes one frame.</summary>
    /// <param name="pcm">120, 240, 480, 960, 1920 or 2880 samples.</param>
    /// <param name="output">1 to 1,275 bytes.</param>
    /// <returns>Bytes written; 0 or less on failure.</returns>
    protected abstract int EncodeCore(ReadOnlySpan<short> pcm, Span<byte> output);

    /// <summary>Tells the encoder what loss to expect.</summary>
    /// <param name="percent">0 to 100.</param>
    protected abstract void SetExpectedLoss(int percent);

    /// <summary>Releases the encoder.</summary>
    /// <param name="disposing">False from a finalizer.</param>
    protected abstract void Dispose(bool disposing);
}
