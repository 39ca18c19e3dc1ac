using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Jitter;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Media.Rtp;

/// <summary>
/// One incoming stream: packets in, in any order, and 20 ms of PCM out per tick. A tick is <see cref="Prepare"/>,
/// <see cref="OnPacket"/> for what has come, <see cref="ReadFrame"/>. One caller at a time; memory is allocated at the start and when a
/// backlog is longer than any before. Who may send (address, SRTP) is checked by the caller.
/// </summary>
public sealed class RtpReceiver : IQuickDisposal
{
    private const int MaxDropout = 3000;    // RFC 3550 §A.1
    private const int MaxMisorder = 100;

    private readonly JitterBuffer _buffer;
    private readonly EventReceiver _events;
    private readonly int _comfortNoise;
    private int _levels;
    private bool _hasVoiceFlag;
    private bool _started;
    private long _highest;          // extended sequence number
    private long _timestamp;        // extended
    private int _format;            // of the last audio
    private (uint Ssrc, int Next) _candidate = (0, -1);
    private int _badSequence = -1;

    /// <summary>Makes the decoders and all buffers.</summary>
    /// <param name="options">What to expect.</param>
    /// <exception cref="ArgumentException">No format is given.</exception>
    public RtpReceiver(RtpReceiverOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Formats.Count == 0)
            throw new ArgumentException("A receiver needs a format.", nameof(options));
        _buffer = new JitterBuffer(options.Formats, options.JitterBuffer);
        _events = new EventReceiver(options.Events);
        _comfortNoise = options.ComfortNoisePayloadType;
        FollowLevels(options.AudioLevelExtension, options.HasVoiceFlag);
        Statistics = new RtpReceiveStatistics(options.Formats[0].Codec.ClockRate);
    }

    /// <summary>Rate of the PCM of <see cref="ReadFrame"/>, in Hz. Changes only in <see cref="Prepare"/>.</summary>
    public int SampleRate => _buffer.SampleRate;

    /// <summary>Figures for receiver reports.</summary>
    public RtpReceiveStatistics Statistics { get; }

    /// <summary>Synchronization source being received; null before the first packet.</summary>
    public uint? Ssrc { get; private set; }

    /// <summary>Time of the last packet of the source, as given to <see cref="OnPacket"/>; null before the first one.</summary>
    public TimeSpan? LastPacket { get; private set; }

    /// <summary>How long packets wait here until they are played, smoothed.</summary>
    public TimeSpan Delay => TimeSpan.FromMilliseconds(_buffer.WaitMs);

    /// <summary>Audio that was made up because packets were lost or late. Pauses do not count, the end of the stream neither.</summary>
    public TimeSpan ConcealedAudio => _buffer.Figures.Concealed;

    /// <summary>Audio of packets that was played.</summary>
    public TimeSpan PlayedAudio => _buffer.Figures.Played;

    /// <summary>Audio that was played twice to wait for late packets (at most 15 ms at a time).</summary>
    public TimeSpan InsertedAudio => _buffer.Figures.Inserted;

    /// <summary>Audio of packets played that was left out to shorten the delay (at most 20 ms at a time).</summary>
    public TimeSpan RemovedAudio => _buffer.Figures.Removed;

    /// <summary>Audio packets received but not played: late, of no time line, too many at once, not decodable. No duplicates.</summary>
    public long PacketsDiscarded => _buffer.Figures.Discarded;

    /// <summary>Times the time line was given up for another one: jump, restart, more backlog than may wait, another rate.</summary>
    public long Resyncs => _buffer.Figures.Resyncs;

    /// <summary>Whether the next frame is here, all of it.</summary>
    internal bool HasFrame => _buffer.HasFrame;

    /// <summary>Whole frames that are here, up to five.</summary>
    internal int FramesWaiting => _buffer.FramesWaiting;

    /// <summary>
    /// Whether nobody hears what is read: then of formats that take long to decode only a share is decoded, and all of it where voice
    /// begins; the rest is silence. Buffer, figures and events do not change.
    /// </summary>
    internal bool IsUnheard
    {
        get => _buffer.Thrift.IsOn;
        set => _buffer.Thrift.IsOn = value;
    }

    /// <summary>Whether the frame read last is what was said, for half of it at least.</summary>
    internal bool IsFrameWhole => _buffer.IsFrameWhole;

    /// <summary>Element that levels of packets are taken from; 0: none.</summary>
    internal int LevelExtension => _levels;

    /// <summary>Whether packets come with levels.</summary>
    internal bool HasLevels => _buffer.Thrift.HasLevels;

    /// <summary>Takes levels of packets from another element from now on, or from none.</summary>
    /// <param name="id">1 to 255; 0: from none.</param>
    /// <param name="hasVoiceFlag">Whether its flag V means something.</param>
    internal void FollowLevels(int id, bool hasVoiceFlag)
    {
        (_levels, _hasVoiceFlag) = (id, hasVoiceFlag);
        if (id == 0)
            _buffer.Thrift.ForgetLevels();
    }

    /// <summary>The packet that the frame read last is, or that begins in it, if there is one; until the next frame is read.</summary>
    internal OriginalPacket Original => _buffer.Original;

    /// <summary>Packets that were not decoded since this was asked last.</summary>
    internal int TakeLeftOut() => _buffer.Thrift.TakeLeftOut();

    /// <summary>Whether the parts agree about where the stream is: always, between calls.</summary>
    internal bool IsConsistent => _buffer.IsAligned;

    /// <summary>Whether packets of this type were agreed on.</summary>
    /// <param name="payloadType">0 to 127.</param>
    public bool Takes(byte payloadType) => _buffer.Find(payloadType) >= 0 || _events.Takes(payloadType) || payloadType == _comfortNoise;

    /// <summary>Begins a tick: from here on <see cref="SampleRate"/> is that of the frame to be read.</summary>
    public void Prepare() => _buffer.Prepare();

    /// <summary>Takes a datagram. Never throws.</summary>
    /// <param name="datagram">The whole UDP payload; copied.</param>
    /// <param name="now">
    /// When it came, on the clock of the ticks: the true time, which may lie before the last tick, or that of the tick under way when no
    /// other is known.
    /// </param>
    /// <returns>What became of it.</returns>
    public RtpArrival OnPacket(ReadOnlySpan<byte> datagram, TimeSpan now)
    {
        if (!RtpPacketView.TryParse(datagram, out var packet) || packet.Payload.Length > PacketStore.MaxPayload)
            return RtpArrival.Invalid;
        var format = _buffer.Find(packet.PayloadType);
        var isEvent = format < 0 && _events.Takes(packet.PayloadType);
        var isNoise = format < 0 && !isEvent && packet.PayloadType == _comfortNoise;
        if (packet.Ssrc != Ssrc && format < 0 && !isEvent)
            return RtpArrival.WrongPayloadType;
        if (!TryPlace(packet, out var sequence, out var refusal))
            return refusal;

        LastPacket = LastPacket > now ? LastPacket : now;
        Statistics.Count(sequence, packet.Payload.Length);
        if (format >= 0)
            return OnAudio(packet, sequence, format, now);
        _buffer.PutFiller(sequence, isNoise ? PacketKind.ComfortNoise : PacketKind.Filler, packet.Payload, now);
        if (isEvent)
            return _events.OnPacket(packet, now) ? RtpArrival.Event : RtpArrival.Invalid;
        return isNoise ? RtpArrival.Accepted : RtpArrival.WrongPayloadType;
    }

    /// <summary>Counts a packet, and plays nothing of it.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="now">As of <see cref="OnPacket"/>.</param>
    /// <returns>What became of it.</returns>
    internal RtpArrival Pass(in RtpPacketView packet, TimeSpan now)
    {
        if (packet.Ssrc != Ssrc && !Takes(packet.PayloadType))
            return RtpArrival.WrongPayloadType;
        if (!TryPlace(packet, out var sequence, out var refusal))
            return refusal;
        LastPacket = LastPacket > now ? LastPacket : now;
        Statistics.Count(sequence, packet.Payload.Length);
        if (sequence == _highest)
            _timestamp += unchecked((int)(packet.Timestamp - (uint)_timestamp));
        return RtpArrival.Accepted;
    }

    /// <summary>Plays the next 20 ms. Called once per tick.</summary>
    /// <param name="pcm">Receives exactly 20 ms at <see cref="SampleRate"/>.</param>
    /// <param name="now">Monotonic, the clock of <see cref="OnPacket"/>.</param>
    /// <returns>False when there is nothing to hear; <paramref name="pcm"/> is cleared then.</returns>
    /// <exception cref="ArgumentException"><paramref name="pcm"/> has another length.</exception>
    public bool ReadFrame(Span<short> pcm, TimeSpan now)
    {
        if (pcm.Length != SampleRate / 50)
            throw new ArgumentException("A frame is 20 ms long.", nameof(pcm));
        _events.OnTime(now);
        return _buffer.Read(pcm, now);
    }

    /// <summary>Takes the next key pressed, oldest first. At most 16 of each format wait; older ones are dropped.</summary>
    /// <param name="e">The key.</param>
    /// <returns>False when there is none.</returns>
    public bool TryReadEvent(out DtmfEvent e) => _events.TryRead(out e);

    /// <summary>Goes on with the keys of the receiver before: one that is held is told once, and those that wait are not lost.</summary>
    internal void ContinueEvents(RtpReceiver before) => _events.Continue(before._events);

    /// <summary>Releases the decoders.</summary>
    public void Dispose() => _buffer.Dispose();

    /// <inheritdoc/>
    bool IQuickDisposal.IsQuick => _buffer.HasOurCodecsOnly;

    /// <summary>RFC 3550 §A.1: the extended sequence number; a new source, or a jump, counts from its second packet in a row.</summary>
    private bool TryPlace(in RtpPacketView packet, out long sequence, out RtpArrival refusal)
    {
        sequence = 0;
        if (packet.Ssrc != Ssrc)
        {
            if (Ssrc is not null && (packet.Ssrc != _candidate.Ssrc || packet.SequenceNumber != _candidate.Next))
            {
                _candidate = (packet.Ssrc, (ushort)(packet.SequenceNumber + 1));
                refusal = RtpArrival.NewSource;
                return false;
            }

            Ssrc = packet.Ssrc;
            _events.Restart();
            Start(packet);
        }

        _candidate.Next = -1;
        var delta = (short)(packet.SequenceNumber - (ushort)_highest);
        if (delta is >= MaxDropout or < -MaxMisorder)
        {
            if (packet.SequenceNumber != _badSequence)
            {
                _badSequence = (ushort)(packet.SequenceNumber + 1);
                refusal = RtpArrival.Jump;
                return false;
            }

            Start(packet);
            delta = 0;
        }

        refusal = RtpArrival.Accepted;
        _badSequence = -1;
        sequence = _highest + delta;
        _highest = Math.Max(_highest, sequence);
        return true;
    }

    private RtpArrival OnAudio(in RtpPacketView packet, long sequence, int format, TimeSpan now)
    {
        // RFC 7160 §4: what was measured on another clock says nothing about this one.
        if (_buffer.ClockRate(format) != _buffer.ClockRate(_format))
            Statistics.ChangeClock(_buffer.ClockRate(format));
        _format = format;
        Statistics.CountTransit(packet.Timestamp, now);
        if (_levels > 0 && packet.TryGetAudioLevel(_levels, out var level, out var voice))
            _buffer.Thrift.OnLevel(sequence, level, voice && _hasVoiceFlag);
        var timestamp = _timestamp + unchecked((int)(packet.Timestamp - (uint)_timestamp));
        if (sequence == _highest)
            _timestamp = timestamp;
        return _buffer.PutAudio(sequence, timestamp, format, packet.Payload, now);
    }

    private void Start(in RtpPacketView packet)
    {
        if (_started)
            _buffer.Restart();
        _started = true;
        _highest = 65536L + packet.SequenceNumber; // one cycle up, so that a reordered first packet stays above zero
        _timestamp = (1L << 32) + packet.Timestamp;
        _badSequence = -1;
        Statistics.Restart(_highest);
    }
}
