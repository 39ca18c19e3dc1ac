using Concentus.Enums;

namespace Concentus;

public static class OpusCodecFactory
{
    public static bool AttemptToUseNativeLibrary
    {
        get => throw ReferenceOnly.Error();
        set => throw ReferenceOnly.Error();
    }

    public static IOpusDecoder CreateDecoder(int sampleRate, int numChannels, TextWriter? messageLogger = null) =>
        throw ReferenceOnly.Error();

    public static IOpusEncoder CreateEncoder(
        int sampleRate,
        int numChannels,
        OpusApplication application = OpusApplication.OPUS_APPLICATION_AUDIO,
        TextWriter? messageLogger = null) => throw ReferenceOnly.Error();
}
