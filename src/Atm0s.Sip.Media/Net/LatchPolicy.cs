namespace Atm0s.Sip.Media.Net;

/// <summary>
/// Decides which source a leg listens to, and so where it sends (symmetric RTP, RFC 4961; latching, RFC 7362). Whoever is learnt gets the
/// call's audio, so it is learnt from few. No clock, no socket; one caller at a time.
/// <list type="bullet">
/// <item>The address of the SDP latches with its first packet, whoever was latched before.</item>
/// <item>Other ports of its host, and the host of the signalling (a NAT), latch with their second packet in sequence.</item>
/// <item>A foreign host latches only behind a proxy (the signalling's host is unknown) whose phone tells a private address: nobody can
/// reach that, so there must be a NAT. Only in the first <see cref="Window"/> in which it is to send: not on hold, and anew from a resume or
/// the answer on; and only once it has been the only foreign
/// host for <see cref="Silence"/>: so the SDP's own host comes first when it lives, and of two who claim to be the phone none is
/// believed.</item>
/// <item>Once latched, nobody else is heard, until <see cref="Silence"/>. Then another port of those hosts takes over with three packets
/// that go on with the stream (SSRC and sequence numbers): a NAT that has bound anew changes nothing else, while whoever else sits behind
/// the same NAT knows neither. A peer that begins a new stream at a new port says so in an offer: for <see cref="Window"/> after one,
/// three packets of any stream do.</item>
/// </list>
/// </summary>
internal sealed class LatchPolicy(LatchRule rule)
{
    /// <summary>Silence after which another source may be heard.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    /// <summary>Time after the start in which a foreign host may be learnt, and after an offer in which a new stream may be.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private const int First = 2;
    private const int Again = 3;
    private const ushort MaxDropout = 3000; // RFC 3550 A.1

    private readonly LatchCandidate _candidate = new();
    private TimeSpan? _start;
    private TimeSpan _due;          // when the peer was first to send, or was again
    private bool _isDueAnew = true;
    private bool _isOnHold;
    private bool _isEarly;
    private TimeSpan? _offer;
    private bool _offered;
    private TimeSpan _last;
    private uint _ssrc;
    private ushort _sequence;

    /// <summary>Whether the call is on hold.</summary>
    public bool IsOnHold
    {
        get => _isOnHold;
        set
        {
            _isDueAnew |= _isOnHold && !value;
            _isOnHold = value;
        }
    }

    /// <summary>Whether the call is not answered yet: the peer may send, and need not.</summary>
    public bool IsEarly
    {
        get => _isEarly;
        set
        {
            _isDueAnew |= _isEarly && !value;
            _isEarly = value;
        }
    }

    /// <summary>The source latched to; <see cref="MediaAddress.IsNone"/> before the first.</summary>
    public MediaAddress Source { get; private set; }

    /// <summary>Where to send: the source, before that the address of the SDP.</summary>
    public MediaAddress Destination => Source.IsNone ? rule.Expected : Source;

    /// <summary>
    /// Whether every source has to be heard: none is latched, the one latched is silent, or the SDP's own address may still come instead.
    /// </summary>
    /// <param name="now">Monotonic.</param>
    public bool IsOpen(TimeSpan now)
    {
        Begin(now);
        return !(Source == rule.Expected || IsBehindNat) || Source.IsNone || now - _last >= Silence;
    }

    /// <summary>An offer and answer kept the address: the peer may begin a new stream.</summary>
    public void OnOffer() => _offered = true;

    /// <summary>Judges a packet that is valid RTP of a payload type negotiated.</summary>
    /// <param name="source">Who sent it.</param>
    /// <param name="ssrc">Its synchronization source.</param>
    /// <param name="sequence">Its sequence number.</param>
    /// <param name="now">Monotonic.</param>
    public LatchVerdict OnPacket(MediaAddress source, uint ssrc, ushort sequence, TimeSpan now)
    {
        Begin(now);
        if (source.IsNone || IsOfEarlierCall(source, ssrc, now))
            return LatchVerdict.Refused;
        var isNew = source != Source;
        if (isNew && !MayLatch(source, ssrc, sequence, now))
            return LatchVerdict.Refused;
        (Source, _last, _ssrc, _sequence) = (source, now, ssrc, sequence);
        _candidate.Clear();
        return isNew ? LatchVerdict.Latched : LatchVerdict.Accepted;
    }

    // Then the SDP's own address is one that can't be reached from here.
    private bool IsBehindNat => Source.SameHost(rule.Signalling) && !Source.SameHost(rule.Expected);

    private void Begin(TimeSpan now)
    {
        _start ??= now;
        if (_isDueAnew)
            (_due, _isDueAnew) = (now, false);
        if (_offered)
            (_offer, _offered) = (now, false);
    }

    // For a while only: there are devices that have one SSRC for all their calls.
    private bool IsOfEarlierCall(MediaAddress source, uint ssrc, TimeSpan now) =>
        source == rule.Earlier.Source && ssrc == rule.Earlier.Ssrc && now - _start < Window;

    private bool MayLatch(MediaAddress source, uint ssrc, ushort sequence, TimeSpan now)
    {
        if (source == rule.Expected)
            return true;
        if (IsForeign(source) && !source.SameHost(Source))
            return MayLearn(now) && _candidate.Count(source, ssrc, sequence, now) >= Again && now - _candidate.Since >= Silence;
        if (Source.IsNone || (IsForeign(Source) && !IsForeign(source)))
            return _candidate.Count(source, ssrc, sequence, now) >= First;
        return now - _last >= Silence
            && (GoesOn(ssrc, sequence) || now - _offer < Window)
            && _candidate.Count(source, ssrc, sequence, now) >= Again;
    }

    private bool IsForeign(MediaAddress source) => !source.SameHost(rule.Expected) && !source.SameHost(rule.Signalling);

    private bool MayLearn(TimeSpan now) =>
        rule.Signalling.IsNone && rule.Expected.IsPrivate && Source.IsNone && !IsOnHold && now - _due < Window;

    private bool GoesOn(uint ssrc, ushort sequence) => ssrc == _ssrc && (ushort)(sequence - _sequence) is > 0 and < MaxDropout;
}
