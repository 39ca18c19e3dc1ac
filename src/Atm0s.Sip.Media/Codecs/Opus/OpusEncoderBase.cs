namespace Atm0s.Sip.Media.Codecs.Opus;

/// <summary>What every Opus encoder does around the encoding itself: frame sizes, DTX, following the losses.</summary>
public abstract class OpusEncoderBase : ILossAwareEncoder
{
    private readonly OpusEncoderOptions _options;
    private readonly OpusAdaptation _adaptation;
    private readonly OpusBitBudget? _budget;
    private readonly bool _sharesSilence;
    private OpusSilence? _silence;      // for packets of _silenceSamples
    private int _silenceSamples;
    private int _silentPackets;         // since sound
    private int _maxComplexity = 10;
    private bool _isAtRest = true;      // has been given nothing but silence

    /// <summary>Takes over the options.</summary>
    /// <param name="options">Already validated.</param>
    protected OpusEncoderBase(OpusEncoderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _adaptation = new OpusAdaptation(options);
        _budget = options.MaxAverageBitrate is { } limit ? new OpusBitBudget(limit) : null;
        Tuning = OpusTuning.Of(options);
        // DTX sends nothing, and a limit of the peer counts every byte.
        _sharesSilence = !options.UseDtx && _budget is null;
    }

    /// <inheritdoc/>
    public int SampleRate => OpusPacket.SampleRate;

    /// <inheritdoc/>
    public int ExpectedLossPercent
    {
        get => Tuning.ExpectedLossPercent;
        set => Change(Tuning with { ExpectedLossPercent = Math.Clamp(value, 0, 100), UseInBandFec = _options.UseInBandFec });
    }

    /// <summary>How it encodes now.</summary>
    public OpusTuning Tuning { get; private set; }

    /// <summary>Complexity that it does not exceed whatever it is tuned to, 0 to 10: below the tuning's while the machine is too busy.</summary>
    internal int MaxComplexity
    {
        get => _maxComplexity;
        set
        {
            if (_maxComplexity == value)
                return;
            _maxComplexity = value;
            Apply(Effective);
        }
    }

    /// <summary>How it encodes now, the limit of complexity included.</summary>
    protected OpusTuning Effective => Tuning with { Complexity = Math.Min(Tuning.Complexity, _maxComplexity) };

    /// <inheritdoc/>
    public void OnReport(double fractionLost, TimeSpan? roundTrip) => Change(_adaptation.OnReport(fractionLost, roundTrip));

    /// <inheritdoc/>
    public int Encode(ReadOnlySpan<short> pcm, Span<byte> output)
    {
        // RFC 6716 §2.1.4: frames of 2.5, 5, 10, 20, 40 or 60 ms.
        if (pcm.Length is not (120 or 240 or 480 or 960 or 1920 or 2880) || output.IsEmpty)
            return 0;
        var room = Math.Min(output.Length, OpusPacket.MaxFrameBytes);
        if (_budget is not null)
            room = Math.Min(room, _budget.Earn(pcm.Length));
        var written = room == 0 ? 0 : Encode(pcm, output[..room], _sharesSilence && !pcm.ContainsAnyExcept((short)0));
        // RFC 7587 §3.1.3: in DTX a packet of one or two bytes needs not be sent.
        if (written <= 0 || (_options.UseDtx && written <= 2))
            return 0;
        _budget?.Spend(written);
        return written;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>How it encodes when nothing is known of the way.</summary>
    internal OpusEncoderOptions Options => _options;

    /// <summary>Encodes in another way from now on.</summary>
    internal void Use(OpusTuning tuning) => Change(tuning);

    /// <summary>Forgets what it has encoded: the next packet is as the first one. The memory of it is given back until then.</summary>
    internal void Reset()
    {
        _isAtRest = true;
        _silentPackets = 0;
        Rest();
    }

    /// <summary>Encodes one frame.</summary>
    /// <param name="pcm">120, 240, 480, 960, 1920 or 2880 samples.</param>
    /// <param name="output">1 to 1,275 bytes.</param>
    /// <returns>Bytes written; 0 or less on failure.</returns>
    protected abstract int EncodeCore(ReadOnlySpan<short> pcm, Span<byte> output);

    /// <summary>Sets the encoder as told.</summary>
    /// <param name="tuning">All of it.</param>
    protected abstract void Apply(OpusTuning tuning);

    /// <summary>
    /// The next sound needs nothing of what was before, which was long silence, or another stream: the state is dropped.
    /// </summary>
    protected virtual void Rest()
    {
    }

    /// <summary>Releases the encoder.</summary>
    /// <param name="disposing">False from a finalizer.</param>
    protected abstract void Dispose(bool disposing);

    private int Encode(ReadOnlySpan<short> pcm, Span<byte> output, bool isSilent)
    {
        if (!isSilent)
        {
            _isAtRest = false;
            _silentPackets = 0;
            return EncodeCore(pcm, output);
        }

        var silence = SilenceOf(pcm.Length);
        var number = _silentPackets++ & int.MaxValue;
        if (_isAtRest || number >= OpusPacket.SampleRate / pcm.Length)
        {
            var copied = silence?.Copy(number, output) ?? 0;
            if (copied > 0 && !_isAtRest)
            {
                _isAtRest = true;
                Rest();
            }

            if (copied > 0)
                return copied;
        }

        var written = EncodeCore(pcm, output);
        if (_isAtRest && written > 0 && Tuning.Bitrate == _options.Bitrate)
            silence?.Add(output[..written]);
        return written;
    }

    private OpusSilence? SilenceOf(int samples)
    {
        if (_silenceSamples == samples)
            return _silence;
        _silenceSamples = samples;
        return _silence = OpusSilence.Of(new OpusSilence.Kind(GetType(), _options, samples));
    }

    private void Change(OpusTuning tuning)
    {
        if (tuning == Tuning)
            return;
        Tuning = tuning;
        Apply(Effective);
    }
}
