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
    private readonly int _half;
    private readonly TraceStream _first;
    private readonly List<TracePeer> _peers = new(1);
    private TraceStream? _last;
    private int _leftOut;
    private bool _isLive = true;
    private bool _isReleased;

    /// <param name="memory">Where messages are kept.</param>
    /// <param name="maxBytes">How much of it.</param>
    /// <param name="isWanted">Whether somebody has asked for it: then it stays for as long as he keeps the call.</param>
    public WireTrace(TraceMemory memory, int maxBytes, bool isWanted)
    {
        _memory = memory;
        _half = maxBytes / 2;
        IsWanted = isWanted;
        _first = new TraceStream(memory, !isWanted);
    }

    /// <summary>Whether somebody has asked for it.</summary>
    public bool IsWanted { get; }

    /// <summary>Its neighbours in the order of <see cref="WireTraces"/>, and how many calls it is of; under the lock of that.</summary>
    public TraceLinks Links { get; } = new();

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
                return _peers.Count == 0 ? null : _peers[0];
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
                peers = [.. _peers];
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

    /// <summary>Takes over what another trace has.</summary>
    public void Take(WireTrace other)
    {
        var copies = new List<(TraceFrame Frame, byte[] Message)>();
        TracePeer[] peers;
        int leftOut;
        lock (other._lock)
        {
            other._first.CopyTo(copies);
            other._last?.CopyTo(copies);
            peers = [.. other._peers];
            leftOut = other._leftOut;
        }

        lock (_lock)
        {
            _peers.AddRange(peers);
            _leftOut += leftOut;
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
            if (IsWanted)
            {
                _memory.Uncount(_first.Memory + (_last?.Memory ?? 0), _isLive);
                return;
            }

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
            _last = new TraceStream(_memory, !IsWanted);
        }

        while (_last.Length > 0 && _last.Length + size > _half)
        {
            _last.DropFirst(_isLive);
            _leftOut++;
        }

        return _last.TryAppend(frame, message, _isLive);
    }

    // Not the flow itself: a connection that is closed is not kept for who reads this tomorrow.
    private byte? IndexOf(SipFlow flow)
    {
        for (var i = 0; i < _peers.Count; i++)
        {
            if (_peers[i].Is(flow))
                return (byte)i;
        }

        if (_peers.Count == MaxPeers)
            return null;
        _peers.Add(TracePeer.Of(flow));
        return (byte)(_peers.Count - 1);
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
