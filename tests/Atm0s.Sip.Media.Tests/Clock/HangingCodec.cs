using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.G711;

namespace Atm0s.Sip.Media.Tests.Clock;

/// <summary>PCMA whose encoder hangs once, on command.</summary>
internal sealed class HangingCodec : IAudioCodec, IDisposable
{
    private readonly ManualResetEventSlim _return = new();

    public volatile bool Hangs;

    /// <summary>Set as soon as it hangs.</summary>
    public ManualResetEventSlim Hung { get; } = new();

    public string Name => "PCMA";

    public int ClockRate => 8000;

    public int Channels => 1;

    public int StaticPayloadType => 8;

    public int SampleRate => 8000;

    public string? FormatParameters => null;

    public IAudioEncoder CreateEncoder(AudioEncoderSettings settings) => new Encoder(this);

    public IAudioDecoder CreateDecoder() => PcmaCodec.Instance.CreateDecoder();

    public void Return() => _return.Set();

    public void Dispose()
    {
        _return.Dispose();
        Hung.Dispose();
    }

    private sealed class Encoder(HangingCodec codec) : IAudioEncoder
    {
        public int SampleRate => 8000;

        public int Encode(ReadOnlySpan<short> pcm, Span<byte> output)
        {
            if (codec.Hangs && !codec.Hung.IsSet)
            {
                codec.Hung.Set();
                codec._return.Wait();
            }

            return ALaw.Encode(pcm, output);
        }

        public void Dispose()
        {
        }
    }
}
