namespace Atm0s.Sip.Control;

/// <summary>
/// The clips that were loaded last, so that what is played again and again is read and converted once, also when many want it at the same
/// time. A file that has changed is another one. Any thread.
/// </summary>
/// <param name="maxSamples">Samples that all of them together may have, those at other rates included.</param>
/// <param name="load">Reads a file; null for <see cref="AudioClip.LoadAsync"/>.</param>
internal sealed class ClipCache(long maxSamples = 32 << 20, Func<string, Task<AudioClip>>? load = null)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Path, DateTime Written, long Length), Task<AudioClip>> _loading = [];
    private readonly LinkedList<Entry> _entries = new();  // the last one that was wanted first

    /// <summary>The clip of a file.</summary>
    /// <exception cref="InvalidDataException">The file can't be read.</exception>
    /// <exception cref="IOException">The file is not there, or can't be opened.</exception>
    public async Task<AudioClip> GetAsync(string path, CancellationToken cancellationToken)
    {
        var file = new FileInfo(path);
        var stamp = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
        // Who gives up leaves the others waiting for the same.
        return await Want(path, stamp).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private Task<AudioClip> Want(string path, (DateTime Written, long Length) stamp)
    {
        var key = (path, stamp.Written, stamp.Length);
        lock (_lock)
        {
            if (Find(path, stamp) is { } known)
                return Task.FromResult(known);
            if (!_loading.TryGetValue(key, out var loading))
                _loading[key] = loading = Task.Run(() => LoadAsync(path, stamp));
            return loading;
        }
    }

    private async Task<AudioClip> LoadAsync(string path, (DateTime Written, long Length) stamp)
    {
        try
        {
            var clip = await (load is null ? AudioClip.LoadAsync(path) : load(path)).ConfigureAwait(false);
            Keep(new Entry(path, stamp, clip));
            return clip;
        }
        finally
        {
            lock (_lock)
                _loading.Remove((path, stamp.Written, stamp.Length));
        }
    }

    private AudioClip? Find(string path, (DateTime Written, long Length) stamp)
    {
        for (var node = _entries.First; node is not null; node = node.Next)
        {
            if (node.Value.Path != path || node.Value.Stamp != stamp)
                continue;
            _entries.Remove(node);
            _entries.AddFirst(node);
            return node.Value.Clip;
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
        // A clip grows when it is played at another rate.
        public long Samples => Clip.KeptSamples;
    }
}
