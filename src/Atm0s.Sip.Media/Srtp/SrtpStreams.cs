namespace Atm0s.Sip.Media.Srtp;

/// <summary>The sources of one direction. A few: those that have been silent longest give way.</summary>
internal sealed class SrtpStreams
{
    private const int Max = 32;

    private readonly List<SrtpStream> _streams = [];
    private SrtpStream _spare = new();
    private long _uses;

    /// <summary>
    /// Finds a source. One that is new is not remembered before <see cref="Keep"/>: anybody can name one, but only who has the key can
    /// make it known.
    /// </summary>
    public SrtpStream Find(uint ssrc)
    {
        foreach (var stream in _streams)
        {
            if (stream.Ssrc == ssrc)
                return stream;
        }

        _spare.Restart(ssrc);
        return _spare;
    }

    /// <summary>Remembers a source that was found, and that it was heard.</summary>
    public void Keep(SrtpStream stream)
    {
        stream.LastUse = ++_uses;
        if (!ReferenceEquals(stream, _spare))
            return;
        if (_streams.Count < Max)
        {
            _streams.Add(stream);
            _spare = new SrtpStream();
            return;
        }

        var oldest = 0;
        for (var i = 1; i < Max; i++)
        {
            if (_streams[i].LastUse < _streams[oldest].LastUse)
                oldest = i;
        }

        (_streams[oldest], _spare) = (stream, _streams[oldest]);
    }
}
