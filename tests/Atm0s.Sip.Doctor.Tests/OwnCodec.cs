using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.G711;

namespace Atm0s.Sip.Doctor.Tests;

/// <summary>A codec that a host brings: G.711 by another name.</summary>
internal sealed class OwnCodec : IAudioCodec
{
    private readonly PcmaCodec _inner = PcmaCodec.Instance;

    public string Name => "x-own";

    public int ClockRate => _inner.ClockRate;

    public int Channels => _inner.Channels;

    public int StaticPayloadType => -1;

    public int SampleRate => _inner.SampleRate;

    public string? FormatParameters => null;

    public IAudioEncoder CreateEncoder(AudioEncoderSettings settings) => ((IAudioCodec)_inner).CreateEncoder(settings);

    public IAudioDecoder CreateDecoder() => _inner.CreateDecoder();
}
