using System.Text;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Calls.Records;

/// <summary>
/// The messages of one call as they were on the wire: the first, and the last. Secrets are masked when they are read. Any thread.
/// </summary>
internal sealed class WireTrace
{
    private const int MaxPeers = 32;

    private readonly Lock _lock = new();
    private readonly TraceMemory _memory;
    private int _half;
    private TraceStream _first;
    private TracePeer? _peer;
    private List<TracePeer>? _otherPeers;
    private TraceStream? _last;
    private int _leftOut;
    private bool _isLive = true;
    private bool _isReleased;
    private volatile bool _isWanted;

    /// <param name="memory">Where messages are kept.</param>
    /// <param name="maxBytes">How much of it.</param>
    /// <param name="isWanted">Whether somebody has asked for it: then it stays for as long as he keeps the call.</param>
    public WireTrace(TraceMemory memory, int maxBytes, bool isWanted)
    {
        _memory = memory;
        _half = maxBytes / 2;
        _isWanted = isWanted;
        _first = new TraceStream(memory, !isWanted);
    }

    /// <summary>Whether somebody has asked for it.</summary>
    public bool IsWanted => _isWanted;

    /// <summary>
    /// How many calls it is of: several have one Call-ID when the server calls itself, or a caller says so. Under the lock of
    /// <see cref="WireTraces"/>, as what follows.
    /// </summary>
    public int Calls { get; set; }

    /// <summary>How many of them go on.</summary>
    public int Going { get; set; }

    /// <summary>How many of them still keep it.</summary>
    public int Keepers { get; set; }

    /// <summary>The one before it in <see cref="AgeOrder"/>, or null.</summary>
    public WireTrace? Older { get; set; }

    /// <summary>The one after it.</summary>
    public WireTrace? Newer { get; set; }

    /// <summary>Bytes that it uses.</summary>
    public int Memory
    {
        get
        {
            lock (_lock)
                return _first.Memory + (_last?.Memory ?? 0);
        }
    }

    /// <summary>How many messages are missing in <see cref="All"/>.</summary>
    public int LeftOut
    {
        get
        {
            lock (_lock)
                return _leftOut;
        }
    }

    /// <summary>With whom the first message was exchanged; null before it.</summary>
    public TracePeer? Peer
    {
        get
        {
            lock (_lock)
                return _peer;
        }
    }

    /// <summary>All that is kept, oldest first.</summary>
    public IReadOnlyList<WireTraceEntry> All
    {
        get
        {
            var copies = new List<(TraceFrame Frame, byte[] Message)>();
            TracePeer[] peers;
            lock (_lock)
            {
                _first.CopyTo(copies);
                _last?.CopyTo(copies);
                peers = Peers();
            }

            return [.. copies.Select(copy => NewEntry(copy.Frame, copy.Message, peers[copy.Frame.Peer]))];
        }
    }

    /// <summary>Writes a message down.</summary>
    /// <returns>False when there is no memory for it.</returns>
    public bool TryAdd(DateTimeOffset now, SipFlow flow, ReadOnlySpan<byte> message, bool isSent)
    {
        lock (_lock)
        {
            if (_isReleased || IndexOf(flow) is not { } peer)
            {
                _leftOut++;
                return true;
            }

            var part = message[..Math.Min(message.Length, Math.Max(0, _half - TraceFrame.Size))];
            return TryAdd(new TraceFrame(now.UtcTicks, part.Length, message.Length, peer, isSent), part);
        }
    }

    /// <summary>A message has no room.</summary>
    public void LeaveOut()
    {
        lock (_lock)
            _leftOut++;
    }

    /// <summary>Somebody asks for it: it has more room from now on, with the messages that are there.</summary>
    /// <param name="maxBytes">How much memory.</param>
    public void Widen(int maxBytes)
    {
        lock (_lock)
        {
            if (_isWanted)
                return;
            var copies = new List<(TraceFrame Frame, byte[] Message)>();
            _first.CopyTo(copies);
            _last?.CopyTo(copies);
            _first.Clear(_isLive);
            _last?.Clear(_isLive);
            (_isWanted, _isReleased, _half) = (true, false, maxBytes / 2);
            (_first, _last) = (new TraceStream(_memory, isShared: false), null);
            foreach (var (frame, message) in copies)
            {
                if (!TryAdd(frame, message))
                    _leftOut++;
            }
        }
    }

    /// <summary>The call has ended: what it uses is not counted among what goes on any more. Safe to repeat.</summary>
    public void Retire()
    {
        lock (_lock)
        {
            if (!_isLive || _isReleased)
                return;
            _isLive = false;
            _memory.Retire(_first.Memory + (_last?.Memory ?? 0));
        }
    }

    /// <summary>
    /// It is not kept any more: its memory is given back. What somebody has asked for is his as long as he has the call, and counts no
    /// more. Safe to repeat.
    /// </summary>
    public void Release()
    {
        lock (_lock)
        {
            if (_isReleased)
                return;
            _isReleased = true;
            if (_isWanted)
            {
                _memory.Uncount(_first.Memory + (_last?.Memory ?? 0), _isLive);
                return;
            }

            _first.Clear(_isLive);
            _last?.Clear(_isLive);
        }
    }

    /// <summary>Others have no memory: what nobody has asked for is given back.</summary>
    public void GiveWay()
    {
        lock (_lock)
        {
            if (_isReleased || _isWanted)
                return;
            _isReleased = true;
            _first.Clear(_isLive);
            _last?.Clear(_isLive);
        }
    }

    private bool TryAdd(in TraceFrame frame, ReadOnlySpan<byte> message)
    {
        var size = TraceFrame.Size + message.Length;
        if (_last is null)
        {
            if (_first.Length + size <= _half)
                return _first.TryAppend(frame, message, _isLive);
            _last = new TraceStream(_memory, !_isWanted);
        }

        while (_last.Length > 0 && _last.Length + size > _half)
        {
            _last.DropFirst(_isLive);
            _leftOut++;
        }

        return _last.TryAppend(frame, message, _isLive);
    }

    private TracePeer[] Peers() => _peer is { } peer ? [peer, .. _otherPeers ?? []] : [];

    // Not the flow itself: a connection that is closed is not kept for who reads this tomorrow.
    private byte? IndexOf(SipFlow flow)
    {
        _peer ??= TracePeer.Of(flow);
        if (_peer.Value.Is(flow))
            return 0;
        _otherPeers ??= new List<TracePeer>(1);
        for (var i = 0; i < _otherPeers.Count; i++)
        {
            if (_otherPeers[i].Is(flow))
                return (byte)(i + 1);
        }

        if (_otherPeers.Count == MaxPeers - 1)
            return null;
        _otherPeers.Add(TracePeer.Of(flow));
        return (byte)_otherPeers.Count;
    }

    private static WireTraceEntry NewEntry(in TraceFrame frame, byte[] message, in TracePeer peer)
    {
        WireMask.Apply(message);
        return new WireTraceEntry(
            new DateTimeOffset(frame.Ticks, TimeSpan.Zero), frame.IsSent, peer.ToString(), Encoding.UTF8.GetString(message))
        {
            Protocol = peer.Protocol,
            Local = peer.Local,
            Remote = peer.Remote,
            Bytes = message,
            Length = frame.WireLength,
        };
    }
}
