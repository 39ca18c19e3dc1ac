using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.G711;

namespace Atm0s.Sip.TestKit.Audio;

/// <summary>A codec as a host may add one: A-law under another name.</summary>
/// <param name="name">What SDP calls it.</param>
public sealed class FakeCodec(string name) : IAudioCodec
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public int ClockRate { get; init; } = 8000;

    /// <inheritdoc/>
    public int Channels => 1;

    /// <inheritdoc/>
    public int StaticPayloadType { get; init; } = -1;

    /// <inheritdoc/>
    public int SampleRate { get; init; } = 8000;

    /// <inheritdoc/>
    public string? FormatParameters { get; init; }

    /// <inheritdoc/>
    public IAudioEncoder CreateEncoder(AudioEncoderSettings settings) => PcmaCodec.Instance.CreateEncoder(settings);

    /// <inheritdoc/>
    public IAudioDecoder CreateDecoder() => PcmaCodec.Instance.CreateDecoder();
}
