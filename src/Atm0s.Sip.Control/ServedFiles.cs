using Microsoft.Extensions.Options;

namespace Atm0s.Sip.Control;

/// <summary>The files that the API may play and write: by name, in the folders of the host's settings.</summary>
internal sealed class ServedFiles(IOptions<SipControlOptions> options)
{
    private const int MaxName = 100;

    private readonly ClipCache _clips = new();

    /// <summary>A clip of the folder of sounds; null when there is no such file, or no folder.</summary>
    /// <exception cref="ArgumentException">A name that can't be one.</exception>
    /// <exception cref="InvalidDataException">The file can't be read.</exception>
    public async Task<AudioClip?> LoadAsync(string? name, CancellationToken cancellationToken)
    {
        var path = PathOf(options.Value.SoundFolder, name);
        return path is not null && File.Exists(path) ? await _clips.GetAsync(path, cancellationToken).ConfigureAwait(false) : null;
    }

    /// <summary>Where a recording goes; null when there is no folder for them.</summary>
    /// <exception cref="ArgumentException">A name that can't be one.</exception>
    public string? RecordingPathOf(string? name) => PathOf(options.Value.RecordingFolder, name);

    // Letters, digits, dot, dash and underscore: nothing that leads out of the folder, or into a device.
    private static string? PathOf(string? folder, string? name)
    {
        if (string.IsNullOrEmpty(name) || name.Length > MaxName || name[0] == '.'
            || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
            throw new ArgumentException("A file has a name of 1 to 100 letters, digits, dots, dashes and underscores.");
        return folder is null ? null : Path.Combine(folder, name);
    }
}
