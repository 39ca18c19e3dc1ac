using System.Runtime.CompilerServices;
using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.Opus;
using Concentus;

namespace Atm0s.Sip.Media.Concentus;

/// <summary>
/// Opus by Concentus, a managed port of libopus: no native code to deploy, about twice the time of libopus, and garbage with every frame.
/// </summary>
public sealed class ConcentusOpusCodecProvider : IOpusCodecProvider
{
    private readonly Lazy<(string? Version, string Status)> _loaded;

    /// <summary>Makes the provider; nothing is loaded before the first question.</summary>
    /// <param name="allowNative">
    /// Whether Concentus may use a native libopus that it finds by itself. Default false. The switch is Concentus's own and holds for the process.
    /// </param>
    public ConcentusOpusCodecProvider(bool allowNative = false)
    {
        _loaded = new(() => Load(allowNative));
    }

    /// <inheritdoc/>
    public string Name => "Concentus";

    /// <inheritdoc/>
    public string? Version => _loaded.Value.Version;

    /// <inheritdoc/>
    public bool IsAvailable => Version is not null;

    /// <inheritdoc/>
    public string Status => _loaded.Value.Status;

    /// <inheritdoc/>
    public IAudioEncoder CreateEncoder(OpusEncoderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        ThrowIfUnavailable();
        return new ConcentusEncoder(options);
    }

    /// <inheritdoc/>
    public IAudioDecoder CreateDecoder()
    {
        ThrowIfUnavailable();
        return new ConcentusDecoder();
    }

    private static (string? Version, string Status) Load(bool allowNative)
    {
        try
        {
            var version = Probe(allowNative);
            return (version, $"{version} from Concentus.");
        }
        // The edge of a foreign library: whatever keeps it from making a decoder, the answer is "does not load".
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            return (null, e.Message);
        }
    }

    // Apart, so that a missing assembly shows inside the try.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string Probe(bool allowNative)
    {
        OpusCodecFactory.AttemptToUseNativeLibrary = allowNative;
        using var decoder = OpusCodecFactory.CreateDecoder(OpusPacket.SampleRate, 1);
        return decoder.GetVersionString();
    }

    private void ThrowIfUnavailable()
    {
        if (!IsAvailable) throw new InvalidOperationException(Status);
    }
}
