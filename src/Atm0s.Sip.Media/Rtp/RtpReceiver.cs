using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Jitter;

namespace Atm0s.Sip.Media.Rtp;

/// <summary>
/// One incoming stream: packets in, in any order, and 20 ms of PCM out per tick. One caller at a time; all memory is allocated at the
/// start. Who may send (address, SRTP) is checked by the caller.
/// </summary>
public sealed class RtpReceiver : IDisposable
{
    private const int MaxDropout = 3000;    // RFC 3550 §A.1
    private const int MaxMisorder = 100;

    private readonly RtpReceiverOptions _options;
    private readonly IAudioDecoder _decoder;
    private readonly JitterBuffer _buffer;
    private readonly TelephoneEventDecoder _events;
    private readonly int _clockRate;
    private bool _started;
    private long _highest;          // extended sequence number
    private long _timestamp;        // extended
    private (uint Ssrc, int Next) _candidate = (0, -1);
    private int _badSequence = -1;

    /// <summary>Makes the decoder and all buffers.</summary>
    /// <param name="options">What to expect.</param>
    public RtpReceiver(RtpReceiverOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        var codec = options.Formats[0].Codec;
        _clockRate = codec.ClockRate;
        _decoder = codec.CreateDecoder();
        var opus = string.Equals(codec.Name, "opus", StringComparison.OrdinalIgnoreCase);
        _buffer = new JitterBuffer(_decoder, opus, options.JitterBuffer.MaximumDelay);
        _events = new TelephoneEventDecoder(options.Events.Count > 0 ? options.Events[0].ClockRate : _clockRate);
        Statistics = new RtpReceiveStatistics(_clockRate);
    }

    /// <summary>Rate of the PCM of <see cref="ReadFrame"/>, in Hz.</summary>
    public int SampleRate => _decoder.SampleRate;

    /// <summary>Figures for receiver reports.</summary>
    public RtpReceiveStatistics Statistics { get; }

    /// <summary>Synchronization source being received; null before the first packet.</summary>
    public uint? Ssrc { get; private set; }

    /// <summary>Time of the last packet of the source, as given to <see cref="OnPacket"/>; null before the first one.</summary>
    public TimeSpan? LastPacket { get; private set; }

    /// <summary>How long packets wait here until they are played, smoothed.</summary>
    public TimeSpan Delay => TimeSpan.FromMilliseconds(_buffer.WaitMs);

    /// <summary>Stretches concealed, most of them one packet long (lost or late; the start of a pause counts too).</summary>
    public long Concealed => _buffer.Concealed;

    /// <summary>Audio packets received but not played: late, duplicate, of no time line, or not decodable.</summary>
    public long Discarded => _buffer.Discarded;

    /// <summary>Times audio was shortened (at most 20 ms each) to shorten the delay.</summary>
    public long Removed => _buffer.Removed;

    /// <summary>Times audio was lengthened (at most 20 ms each) to have more delay.</summary>
    public long Inserted => _buffer.Inserted;

    /// <summary>Times the time line was given up for another one: jump, restart, stall.</summary>
    public long Resyncs => _buffer.Resyncs;

    /// <summary>Whether packets of this type were agreed on.</summary>
    /// <param name="payloadType">0 to 127.</param>
    public bool Takes(byte payloadType)
    {
        for (var i = 0; i < _options.Formats.Count; i++)
        {
            if (_options.Formats[i].PayloadType == payloadType)
                return true;
        }

        for (var i = 0; i < _options.Events.Count; i++)
        {
            if (_options.Events[i].PayloadType == payloadType)
                return true;
        }

        return payloadType == _options.ComfortNoisePayloadType;
    }

    /// <summary>Takes a datagram. Never throws.</summary>
    /// <param name="datagram">The whole UDP payload; copied.</param>
    /// <param name="now">When it came, monotonic.</param>
    /// <returns>What became of it.</returns>
    public RtpArrival OnPacket(ReadOnlySpan<byte> datagram, TimeSpan now)
    {
        if (!RtpPacketView.TryParse(datagram, out var packet) || packet.Payload.Length > PacketStore.MaxPayload) return RtpArrival.Invalid;
        var audio = packet.PayloadType == _options.Formats[0].PayloadType;
        var telephoneEvent = _options.Events.Count > 0 && packet.PayloadType == _options.Events[0].PayloadType;
        var known = audio || telephoneEvent;
        if (!known && packet.Ssrc != Ssrc) return RtpArrival.WrongPayloadType;
        if (packet.Ssrc != Ssrc)
        {
            if (Ssrc is not null && (packet.Ssrc != _candidate.Ssrc || packet.SequenceNumber != _candidate.Next))
            {
                _candidate = (packet.Ssrc, (ushort)(packet.SequenceNumber + 1));
                return RtpArrival.NewSource;
            }

            Ssrc = packet.Ssrc;
            _events.Restart();
            Start(packet.SequenceNumber, packet.Timestamp);
        }

        _candidate.Next = -1;
        var delta = (short)(packet.SequenceNumber - (ushort)_highest);
        if (delta is >= MaxDropout or < -MaxMisorder)
        {
            if (packet.SequenceNumber != _badSequence)
            {
                _badSequence = (ushort)(packet.SequenceNumber + 1);
                return RtpArrival.Jump;
            }

            Start(packet.SequenceNumber, packet.Timestamp);
            delta = 0;
        }

        _badSequence = -1;
        LastPacket = now;
        var sequence = _highest + delta;
        _highest = Math.Max(_highest, sequence);
        Statistics.Count(sequence, packet.Payload.Length);
        if (telephoneEvent)
        {
            _buffer.PutFiller(sequence);
            return _events.OnPacket(packet.Payload, packet.Timestamp, now) ? RtpArrival.Event : RtpArrival.Invalid;
        }

        if (!audio)
        {
            _buffer.PutFiller(sequence);
            return RtpArrival.WrongPayloadType;
        }

        Statistics.CountTransit(packet.Timestamp, now);
        var timestamp = _timestamp + unchecked((int)(packet.Timestamp - (uint)_timestamp));
        if (delta >= 0) _timestamp = timestamp;
        return _buffer.PutAudio(sequence, timestamp * SampleRate / _clockRate, packet.Payload, now);
    }

    /// <summary>Plays the next 20 ms. Called once per tick.</summary>
    /// <param name="pcm">Receives exactly 20 ms at <see cref="SampleRate"/>.</param>
    /// <param name="now">Monotonic, the clock of <see cref="OnPacket"/>.</param>
    /// <returns>False when there is nothing to hear; <paramref name="pcm"/> is cleared then.</returns>
    /// <exception cref="ArgumentException"><paramref name="pcm"/> has another length.</exception>
    public bool ReadFrame(Span<short> pcm, TimeSpan now)
    {
        if (pcm.Length != SampleRate / 50) throw new ArgumentException("A frame is 20 ms long.", nameof(pcm));
        _events.OnTime(now);
        return _buffer.Read(pcm, now);
    }

    /// <summary>Takes the next key pressed, oldest first. At most 16 wait; older ones are dropped.</summary>
    /// <param name="e">The key.</param>
    /// <returns>False when there is none.</returns>
    public bool TryReadEvent(out DtmfEvent e) => _events.TryRead(out e);

    /// <summary>Releases the decoder.</summary>
    public void Dispose() => _decoder.Dispose();

    private void Start(ushort sequence, uint timestamp)
    {
        if (_started) _buffer.Restart();
        _started = true;
        _highest = 65536L + sequence; // one cycle up, so that a reordered first packet stays above zero
        _timestamp = (1L << 32) + timestamp;
        _badSequence = -1;
        Statistics.Restart(_highest);
    }
}
