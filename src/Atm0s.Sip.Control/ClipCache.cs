namespace Atm0s.Sip.Control;

/// <summary>
/// The clips that were loaded last, so that what is played again and again is read and converted once. A file that has changed is another
/// one. Any thread.
/// </summary>
/// <param name="maxSamples">Samples that all of them together may have.</param>
internal sealed class ClipCache(long maxSamples = 32 << 20)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Entry> _entries = new();  // the last one that was wanted first

    /// <summary>The clip of a file.</summary>
    /// <exception cref="InvalidDataException">The file can't be read.</exception>
    /// <exception cref="IOException">The file is not there, or can't be opened.</exception>
    public async Task<AudioClip> GetAsync(string path, CancellationToken cancellationToken)
    {
        var file = new FileInfo(path);
        var stamp = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
        if (Find(path, stamp) is { } known)
            return known;
        var clip = await AudioClip.LoadAsync(path, cancellationToken).ConfigureAwait(false);
        Keep(new Entry(path, stamp, clip));
        return clip;
    }

    private AudioClip? Find(string path, (DateTime Written, long Length) stamp)
    {
        lock (_lock)
        {
            for (var node = _entries.First; node is not null; node = node.Next)
            {
                if (node.Value.Path != path || node.Value.Stamp != stamp)
                    continue;
                _entries.Remove(node);
                _entries.AddFirst(node);
                return node.Value.Clip;
            }
        }

        return null;
    }

    private void Keep(Entry entry)
    {
        lock (_lock)
        {
            for (var node = _entries.First; node is not null;)
            {
                var next = node.Next;
                if (node.Value.Path == entry.Path)
                    _entries.Remove(node);
                node = next;
            }

            _entries.AddFirst(entry);
            while (_entries.Sum(one => one.Samples) > maxSamples)
                _entries.RemoveLast();
        }
    }

    private sealed record Entry(string Path, (DateTime Written, long Length) Stamp, AudioClip Clip)
    {
        public long Samples { get; } = (long)(Clip.Duration.TotalSeconds * Clip.SampleRate);
    }
}
