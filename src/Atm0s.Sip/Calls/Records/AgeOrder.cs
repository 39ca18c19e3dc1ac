namespace Atm0s.Sip.Calls.Records;

/// <summary>Traces in the order in which they began; the links are in them. Under the lock of its owner.</summary>
internal sealed class AgeOrder
{
    private WireTrace? _oldest;
    private WireTrace? _newest;

    /// <summary>The one that began first, or null.</summary>
    public WireTrace? Oldest => _oldest;

    /// <summary>Adds one that is in no order yet.</summary>
    public void Add(WireTrace trace)
    {
        trace.Older = _newest;
        if (_newest is null)
            _oldest = trace;
        else
            _newest.Newer = trace;
        _newest = trace;
    }

    /// <summary>Takes one out, if it is in.</summary>
    public void Remove(WireTrace trace)
    {
        if (trace.Older is { } older)
            older.Newer = trace.Newer;
        else if (_oldest == trace)
            _oldest = trace.Newer;
        else
            return;
        if (trace.Newer is { } newer)
            newer.Older = trace.Older;
        else
            _newest = trace.Older;
        (trace.Older, trace.Newer) = (null, null);
    }
}
