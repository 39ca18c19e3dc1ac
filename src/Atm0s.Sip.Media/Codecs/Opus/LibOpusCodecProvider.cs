namespace Atm0s.Sip.Media.Codecs.Opus;

/// <summary>
/// Opus by the system's libopus (Debian: <c>libopus0</c>). The environment variable <c>ATM0S_OPUS_LIB</c> names another file to load first;
/// <c>none</c> keeps every libopus out.
/// </summary>
public sealed class LibOpusCodecProvider : IOpusCodecProvider
{
    private LibOpusCodecProvider()
    {
    }

    /// <summary>The one instance: a library is loaded once per process.</summary>
    public static LibOpusCodecProvider Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "libopus";

    /// <inheritdoc/>
    public string? Version => LibOpusLibrary.Loaded.Version;

    /// <inheritdoc/>
    public bool IsAvailable => Version is not null;

    /// <inheritdoc/>
    public string Status => LibOpusLibrary.Loaded.Status;

    /// <inheritdoc/>
    public IAudioEncoder CreateEncoder(OpusEncoderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        ThrowIfUnavailable();
        return new LibOpusEncoder(options);
    }

    /// <inheritdoc/>
    public IAudioDecoder CreateDecoder()
    {
        ThrowIfUnavailable();
        return new LibOpusDecoder();
    }

    private void ThrowIfUnavailable()
    {
        if (!IsAvailable)
            throw new InvalidOperationException(Status);
    }
}
