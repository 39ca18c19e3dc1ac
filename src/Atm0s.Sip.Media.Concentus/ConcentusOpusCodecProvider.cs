using System.Runtime.CompilerServices;
using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.Opus;
using Concentus;
using Concentus.Structs;

namespace Atm0s.Sip.Media.Concentus;

/// <summary>
/// Opus by Concentus, a managed port of libopus: no native code to deploy, about twice the time of libopus, and garbage with every frame.
/// </summary>
public sealed class ConcentusOpusCodecProvider : IOpusCodecProvider
{
    // Code is compiled once in a process, whatever the number of servers in it.
    private static readonly Lazy<Task> Warm = new(
        static () => Task.Run(static () => OpusWarmUp.RunAsync(new ConcentusOpusCodecProvider(), CancellationToken.None)));

    private readonly Lazy<Loaded> _loaded;

    /// <summary>Makes the provider; nothing is loaded before the first question.</summary>
    /// <param name="allowNative">
    /// Whether Concentus may use a native libopus that it finds by itself. Default false. The switch is Concentus's own and holds for the
    /// process.
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
    public string? Caution => _loaded.Value.IsManaged
        ? "Managed Opus takes about twice the processor time of libopus and makes 125 kB of garbage a frame, 6 MB a second for each call: "
            + "for more than about 10 calls with Opus at a time install libopus (Debian, Ubuntu: libopus0)."
        : null;

    /// <inheritdoc/>
    public Task WarmUpAsync(CancellationToken cancellationToken) => _loaded.Value.IsManaged ? Warm.Value.WaitAsync(cancellationToken)
        : Task.CompletedTask;

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

    private static Loaded Load(bool allowNative)
    {
        try
        {
            return Probe(allowNative);
        }
        // The edge of a foreign library: whatever keeps it from making a decoder, the answer is "does not load".
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new Loaded(null, e.Message, IsManaged: false);
        }
    }

    // Apart, so that a missing assembly shows inside the try.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Loaded Probe(bool allowNative)
    {
        OpusCodecFactory.AttemptToUseNativeLibrary = allowNative;
        using var decoder = OpusCodecFactory.CreateDecoder(OpusPacket.SampleRate, 1);
        var version = decoder.GetVersionString();
        return new Loaded(version, $"{version} from Concentus.", decoder is OpusDecoder);
    }

    private void ThrowIfUnavailable()
    {
        if (!IsAvailable)
            throw new InvalidOperationException(Status);
    }

    private sealed record Loaded(string? Version, string Status, bool IsManaged);
}
