namespace Atm0s.Sip;

/// <summary>What a recording is written as.</summary>
public enum RecordingFormat
{
    /// <summary>By the name of the file: <c>.ogg</c> and <c>.opus</c> are <see cref="OggOpus"/>, all else is <see cref="Wav"/>.</summary>
    ByName,

    /// <summary>RIFF WAVE, 16-bit PCM. At most 4 GiB; its head is put right every second, so that a killed program leaves a whole file.
    /// </summary>
    Wav,

    /// <summary>Opus in Ogg (RFC 7845), about 24 kbit/s for each channel; a page is written every second.</summary>
    OggOpus,
}
