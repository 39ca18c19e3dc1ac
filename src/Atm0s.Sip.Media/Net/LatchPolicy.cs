namespace Atm0s.Sip.Media.Net;

/// <summary>
/// Decides which source a leg listens to (symmetric RTP, RFC 4961; latching, RFC 7362). The address of the SDP latches with its first
/// packet, another port of the SDP's or the signalling's host (a NAT) with its second in sequence, and a foreign host never: who sprays packets
/// at our ports gets no stream. Later only that source is heard, until it has been silent for 1 s and another one has sent three
/// packets in sequence with one SSRC. No clock, no socket; one caller at a time.
/// </summary>
public sealed class LatchPolicy
{
    /// <summary>Silence after which another source may take over.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    private const int First = 2;
    private const int Again = 3;

    private readonly MediaAddress _expected;
    private readonly MediaAddress _signalling;
    private MediaAddress _candidate;
    private uint _candidateSsrc;
    private ushort _candidateNext;
    private int _candidatePackets;
    private TimeSpan _last;

    /// <summary>Starts without a source.</summary>
    /// <param name="expected">The address in the SDP.</param>
    /// <param name="signalling">Where the peer's signalling comes from; its port does not matter. None: any host may latch.</param>
    public LatchPolicy(MediaAddress expected, MediaAddress signalling = default)
    {
        _expected = expected;
        _signalling = signalling;
    }

    /// <summary>The source latched to; <see cref="MediaAddress.IsNone"/> before the first.</summary>
    public MediaAddress Source { get; private set; }

    /// <summary>Where to send: the source, before that the address of the SDP.</summary>
    public MediaAddress Destination => Source.IsNone ? _expected : Source;

    /// <summary>Whether every source has to be heard: none is latched, or it has been silent for <see cref="Silence"/>.</summary>
    /// <param name="now">Monotonic.</param>
    public bool IsOpen(TimeSpan now) => Source.IsNone || now - _last >= Silence;

    /// <summary>Judges a packet that is valid RTP of a payload type negotiated.</summary>
    /// <param name="source">Who sent it.</param>
    /// <param name="ssrc">Its synchronization source.</param>
    /// <param name="sequence">Its sequence number.</param>
    /// <param name="now">Monotonic.</param>
    public LatchVerdict OnPacket(MediaAddress source, uint ssrc, ushort sequence, TimeSpan now)
    {
        if (source == Source)
        {
            _last = now;
            _candidatePackets = 0;
            return LatchVerdict.Accepted;
        }

        if (!IsOpen(now) || source.IsNone || !IsTrusted(source)) return LatchVerdict.Refused;
        var follows = source == _candidate && ssrc == _candidateSsrc && sequence == _candidateNext;
        _candidatePackets = follows ? _candidatePackets + 1 : 1;
        (_candidate, _candidateSsrc, _candidateNext) = (source, ssrc, (ushort)(sequence + 1));
        var needed = !Source.IsNone ? Again : source == _expected ? 1 : First;
        if (_candidatePackets < needed) return LatchVerdict.Refused;
        Source = source;
        _last = now;
        _candidatePackets = 0;
        return LatchVerdict.Latched;
    }

    private bool IsTrusted(MediaAddress source) => _signalling.IsNone || source.SameHost(_expected) || source.SameHost(_signalling);
}
