using System.Collections.Concurrent;

namespace Atm0s.Sip.Recordings;

/// <summary>
/// The files that are being recorded into: each by one recording, for two that write into one leave neither. Any thread.
/// </summary>
internal sealed class ReservedPaths
{
    private readonly ConcurrentDictionary<string, bool> _taken = new(
        OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    /// <summary>Opens a file, made when it is not there; it is nobody else's until it is closed.</summary>
    /// <exception cref="IOException">It is being recorded into already, or can't be made.</exception>
    public RecordedFile Open(string path)
    {
        var full = Path.GetFullPath(path);
        if (!_taken.TryAdd(full, true))
            throw new IOException($"{full} is being recorded into already.");
        try
        {
            return new RecordedFile(full, isNew: !File.Exists(full), this);
        }
        catch
        {
            Free(full);
            throw;
        }
    }

    /// <summary>It is closed.</summary>
    public void Free(string path) => _taken.TryRemove(path, out _);
}
