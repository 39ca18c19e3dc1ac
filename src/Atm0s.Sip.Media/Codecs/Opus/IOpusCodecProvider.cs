namespace Atm0s.Sip.Media.Codecs.Opus;

/// <summary>One implementation of Opus, native or managed. Safe to use from several threads.</summary>
public interface IOpusCodecProvider
{
    /// <summary>Name for logs, for example <c>libopus</c>.</summary>
    string Name { get; }

    /// <summary>What the implementation calls itself, for example <c>libopus 1.3.1</c>; null while it is not available.</summary>
    string? Version { get; }

    /// <summary>Whether it loads on this machine. The first read tries it, later reads repeat the answer. Never throws.</summary>
    bool IsAvailable { get; }

    /// <summary>One sentence for logs: what was loaded, or what was tried and why it did not load.</summary>
    string Status { get; }

    /// <summary>
    /// What it costs, as a sentence for a warning at the start of a server; null (default) when there is nothing to warn of.
    /// </summary>
    string? Caution => null;

    /// <summary>
    /// Makes the first frames of a call as fast as later ones. A server waits for it before it listens; it may take seconds of processor
    /// time.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Done at once by default: native code needs none.</returns>
    Task WarmUpAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Makes an encoder of 48 kHz mono.</summary>
    /// <param name="options">How to encode.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    /// <exception cref="InvalidOperationException">The provider is not available.</exception>
    IAudioEncoder CreateEncoder(OpusEncoderOptions options);

    /// <summary>Makes a decoder to 48 kHz mono; stereo packets are mixed down.</summary>
    /// <exception cref="InvalidOperationException">The provider is not available.</exception>
    IAudioDecoder CreateDecoder();
}
