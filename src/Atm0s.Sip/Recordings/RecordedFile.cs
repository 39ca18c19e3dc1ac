namespace Atm0s.Sip.Recordings;

/// <summary>A file that is recorded into; its path is free again when it is closed.</summary>
internal sealed class RecordedFile(string path, bool isNew, ReservedPaths paths)
    : FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read | FileShare.Delete)
{
    private readonly string _path = path;
    private bool _isFreed;

    /// <summary>Whether it was not there before.</summary>
    public bool IsNew => isNew;

    protected override void Dispose(bool disposing)
    {
        try
        {
            base.Dispose(disposing);
        }
        finally
        {
            if (!_isFreed)
                paths?.Free(_path);
            _isFreed = true;
        }
    }
}
