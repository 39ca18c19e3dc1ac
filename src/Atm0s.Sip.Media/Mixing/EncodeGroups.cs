using System.Collections.Concurrent;
using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Diagnostics;
using Atm0s.Sip.Media.Rtp;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>
/// The shared encoders of a room. Media thread only, but for <see cref="Prepare"/>; encoders are never made in a tick: until one is there,
/// listeners encode for themselves.
/// </summary>
internal sealed class EncodeGroups(ILogger logger) : IThreadPoolWorkItem
{
    private const int MaxGroups = 16; // a room has a few codecs; what is beyond encodes for itself
    private const int MinMembers = 3; // two never hear the same
    private const int MaxUnasked = 250; // ticks, 5 s: whose listeners are gone, or take something else
    private const int MaxUnaskedWithdrawn = 2;
    private const int MaxSettings = 64;

    private readonly ConcurrentQueue<EncodeGroup> _made = new();
    private readonly List<EncodeGroup> _groups = new(4);
    private readonly ConcurrentDictionary<EncodeKind, bool> _prepared = [];
    private readonly ConcurrentDictionary<(IAudioCodec Codec, AudioEncoderSettings Settings), EncodeKind> _known = [];
    private (RtpEncoding Like, OpusTuning Tuning)? _wanted; // that a thread makes now
    private int _isMaking;
    private volatile bool _isReleased;
    private int _members;
    private long _encodedBefore;    // by those that are gone

    /// <summary>What the room logs to.</summary>
    public ILogger Logger => logger;

    /// <summary>Number of the tick.</summary>
    public long Tick { get; private set; }

    /// <summary>Shared encoders that there are.</summary>
    public int Count => _groups.Count;

    /// <summary>Encodings of all of them so far.</summary>
    public long Encoded
    {
        get
        {
            var sum = _encodedBefore;
            foreach (var group in _groups)
                sum += group.Encoded;
            return sum;
        }
    }

    /// <summary>Makes what listeners of this kind will need, outside the tick. Any thread.</summary>
    /// <param name="format">What is sent.</param>
    /// <param name="packetTime">As negotiated.</param>
    /// <param name="members">Of the room, those included that are about to come.</param>
    /// <returns>What was made, to be withdrawn when the listener takes something else; null when nothing was.</returns>
    public EncodeGroup? Prepare(RtpFormat format, TimeSpan packetTime, int members)
    {
        var key = RtpEncoding.KeyOf(format, packetTime);
        if (members < MinMembers || _prepared.Count >= MaxGroups || _known.ContainsKey(key))
            return null;
        var encoding = new RtpEncoding(format, packetTime);
        if (_known.Count < MaxSettings)
            _known[key] = encoding.Kind;
        if (encoding.Kind.MayBeShared && _prepared.TryAdd(encoding.Kind, true))
        {
            var group = new EncodeGroup(encoding, encoding.Class);
            _made.Enqueue(group);
            return group;
        }

        encoding.Dispose();
        return null;
    }

    /// <summary>Begins a tick.</summary>
    /// <param name="members">Of the room.</param>
    /// <param name="maxComplexity">That encoders do not exceed, 0 to 10.</param>
    public void Begin(int members, int maxComplexity)
    {
        Tick++;
        _members = members;
        while (_made.TryDequeue(out var group))
        {
            group.Add(Tick);
            _groups.Add(group);
        }

        for (var i = _groups.Count - 1; i >= 0; i--)
        {
            if (_groups[i].Unasked(Tick) > (_groups[i].IsWithdrawn ? MaxUnaskedWithdrawn : MaxUnasked))
                Drop(i);
            else
                _groups[i].MaxComplexity = maxComplexity;
        }
    }

    /// <summary>Finds the encoder that has encoded what all listeners hear in this tick.</summary>
    /// <param name="encoding">The listener's own.</param>
    /// <param name="tuning">The class of it.</param>
    /// <param name="frame">What they hear.</param>
    /// <param name="waiting">Samples that wait at the listener.</param>
    /// <returns>Null when the listener is to encode for itself.</returns>
    public EncodeGroup? Find(RtpEncoding encoding, OpusTuning tuning, ReadOnlySpan<short> frame, int waiting)
    {
        if (_members < MinMembers || !encoding.Kind.MayBeShared)
            return null;
        var isThere = false;
        foreach (var group in _groups)
        {
            if (group.Tuning != tuning || (!ReferenceEquals(group.Kind, encoding.Kind) && group.Kind != encoding.Kind))
                continue;
            var verdict = group.Encode(frame, Tick, waiting);
            if (verdict == EncodeVerdict.Encoded)
                return group;
            isThere |= verdict == EncodeVerdict.Counted;
        }

        if (!isThere && waiting == 0)
            Ask(encoding, tuning);
        return null;
    }

    /// <summary>A listener who would share an encoder has no need of it in this tick: the encoder is there when he has again.</summary>
    /// <param name="encoding">The listener's own.</param>
    /// <param name="tuning">The class of it.</param>
    public void Keep(RtpEncoding encoding, OpusTuning tuning)
    {
        if (_members < MinMembers || !encoding.Kind.MayBeShared)
            return;
        foreach (var group in _groups)
        {
            if (group.Tuning == tuning && (ReferenceEquals(group.Kind, encoding.Kind) || group.Kind == encoding.Kind))
            {
                group.Keep(Tick);
                return;
            }
        }

        Ask(encoding, tuning);
    }

    /// <summary>The room ends.</summary>
    public void Release()
    {
        _isReleased = true;
        var used = new LegDisposal(logger);
        foreach (var group in _groups)
            used.Add(group);
        while (_made.TryDequeue(out var group))
            used.Add(group);
        _groups.Clear();
        used.Begin();
    }

    public void Execute()
    {
        var (like, tuning) = _wanted!.Value;
        try
        {
            _made.Enqueue(new EncodeGroup(like.MakeAnother(), tuning));
        }
        catch (Exception e)
        {
            LegDisposal.Tell(logger, e);
        }

        // The room may have ended meanwhile.
        if (_isReleased && _made.TryDequeue(out var late))
            late.Dispose();
        Volatile.Write(ref _isMaking, 0);
    }

    // Now and then: what peers may ask for is more than a room has places for.
    private void Drop(int index)
    {
        var gone = _groups[index];
        _groups.RemoveAt(index);
        _encodedBefore += gone.Encoded;
        var used = new LegDisposal(logger);
        used.Add(gone);
        used.Begin();
        foreach (var group in _groups)
        {
            if (group.Kind == gone.Kind)
                return;
        }

        foreach (var (key, kind) in _known)
        {
            if (kind == gone.Kind)
                _known.TryRemove(key, out _);
        }

        _prepared.TryRemove(gone.Kind, out _);
    }

    private void Ask(RtpEncoding like, OpusTuning tuning)
    {
        if (_groups.Count >= MaxGroups || Volatile.Read(ref _isMaking) != 0 || !_made.IsEmpty)
            return;
        _wanted = (like, tuning);
        Volatile.Write(ref _isMaking, 1);
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
