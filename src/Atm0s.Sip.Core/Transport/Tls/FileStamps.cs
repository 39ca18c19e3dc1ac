namespace Atm0s.Sip.Core.Transport.Tls;

/// <summary>
/// How files were when they were read: time, size, and where a link leads. Each is known by itself, for who has read one file says nothing
/// of another. For who holds the lock of the certificates.
/// </summary>
internal sealed class FileStamps
{
    private Dictionary<string, string> _read = [];

    /// <summary>Looks at files, before they are read.</summary>
    public static Dictionary<string, string> Of(IEnumerable<string> files)
    {
        var stamps = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in files)
            stamps[file] = Of(file);
        return stamps;
    }

    /// <summary>All were read, as they were.</summary>
    public void Set(Dictionary<string, string> stamps) => _read = stamps;

    /// <summary>More were read; those that others have read before count as of then.</summary>
    public void Add(Dictionary<string, string> stamps)
    {
        foreach (var (file, stamp) in stamps)
            _read.TryAdd(file, stamp);
    }

    /// <summary>Whether one of them is not what was read.</summary>
    public bool HaveChanged(IEnumerable<string> files) => files.Any(file => _read.GetValueOrDefault(file) != Of(file));

    private static string Of(string path)
    {
        try
        {
            var file = new FileInfo(path);
            // A link, as those of certbot and of Kubernetes, is replaced; what it leads to is what counts.
            var target = file.Exists ? file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file : file;
            return target.Exists ? $"{target.FullName} {target.LastWriteTimeUtc.Ticks} {target.Length}" : path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is being replaced just now, or leads nowhere: not what it was.
            return path;
        }
    }
}
