using System.Buffers.Binary;
using Atm0s.Sip.Media.Audio;
using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Media.Rtp;

/// <summary>
/// Makes the packets of one outgoing stream: takes 20 ms of audio at a time, and gives packets of the negotiated packet time, none to two
/// for
/// each <see cref="Write"/>. One caller at a time; allocates nothing per packet.
/// </summary>
public sealed class RtpSender : IQuickDisposal
{
    private const int EventVolume = 10; // -10 dBm0

    private const int MinListening = 5; // ticks
    private const int Moment = 1;       // tick, in which a rule changes: who has listened before does so again at once

    private RtpEncoding _encoding;
    private OpusTuning _class;        // of the encoding
    private EncodeGroup? _shared;     // has encoded the audio written last
    private bool _isUsed;             // the own encoder, since it was reset
    private int _listening;           // ticks in which it was told what all hear
    private int _apart;               // ticks since it shared an encoder
    private int _taken;               // packets of the last write
    private readonly PassThrough _passThrough = new();
    private RoomMember? _passed;      // whose packet stands for the audio written last
    private bool _isSilent = true;    // the audio written last
    private readonly TalkDetector _voice = new();
    private double _energy;           // of the audio written last; only with levels
    private byte _payloadType;
    private ushort _sequence;
    private bool _marker = true;

    /// <summary>Starts a stream.</summary>
    /// <param name="format">What is sent, and what its receiver says of it.</param>
    /// <param name="packetTime">Audio of a packet, as negotiated; the codec may do less, see
    /// <see cref="IAudioCodec.ClosestPacketTime"/>.</param>
    /// <param name="ssrc">Chosen at random (RFC 3550 §8.1).</param>
    /// <param name="firstSequence">Chosen at random (§5.1).</param>
    /// <param name="firstTimestamp">Chosen at random (§5.1).</param>
    public RtpSender(RtpFormat format, TimeSpan packetTime, uint ssrc, ushort firstSequence, uint firstTimestamp)
    {
        ArgumentNullException.ThrowIfNull(format);
        _encoding = new RtpEncoding(format, packetTime);
        _class = _encoding.Class;
        _payloadType = format.PayloadType;
        _sequence = firstSequence;
        Timestamp = firstTimestamp;
        Ssrc = ssrc;
    }

    /// <summary>Rate of the PCM that <see cref="Write"/> takes, in Hz.</summary>
    public int SampleRate => _encoding.SampleRate;

    /// <summary>Timestamp units per second of the codec in use.</summary>
    public int ClockRate => _encoding.Codec.ClockRate;

    /// <summary>Audio of each packet.</summary>
    public TimeSpan PacketTime => _encoding.PacketTime;

    /// <summary>Synchronization source of the stream; another one after a change of the clock rate.</summary>
    public uint Ssrc { get; private set; }

    /// <summary>Packets of this source (RFC 3550 §6.4.1).</summary>
    public long Packets { get; private set; }

    /// <summary>Payload bytes of this source, headers not counted (§6.4.1).</summary>
    public long Octets { get; private set; }

    /// <summary>Packets since the start, whatever the source.</summary>
    public long TotalPackets { get; private set; }

    /// <summary>Timestamp of the audio to be written next.</summary>
    public uint Timestamp { get; private set; }

    /// <summary>Complexity that the encoder does not exceed, 0 to 10.</summary>
    internal int MaxComplexity
    {
        set
        {
            if (_encoding.Encoder is OpusEncoderBase opus)
                opus.MaxComplexity = value;
        }
    }

    /// <summary>Whether the audio written last was encoded for several streams at once.</summary>
    internal bool IsShared => _shared is not null;

    /// <summary>Whether the audio written last is the packet of a single speaker, as it came.</summary>
    internal bool IsPassedOn { get; private set; }

    /// <summary>Identifier of the header extension that tells the level of each packet (RFC 6464), 1 to 255; 0 (default): none.</summary>
    internal int LevelExtension { get; set; }

    private int HeaderLength => RtpHeader.Length + (LevelExtension == 0 ? 0 : RtpHeaderExtension.LevelLength);

    private uint FrameUnits => (uint)(ClockRate / 50);

    /// <summary>Tells a codec that can adapt how the peer receives it; others do not care.</summary>
    /// <param name="fractionLost">Share lost since the peer's report before, 0 to 1.</param>
    /// <param name="roundTrip">Round trip of the network, or null when it is not known.</param>
    public void OnReport(double fractionLost, TimeSpan? roundTrip)
    {
        (_encoding.Encoder as ILossAwareEncoder)?.OnReport(fractionLost, roundTrip);
        _class = _encoding.Class;
    }

    /// <summary>Takes 20 ms of audio. Packets that were not taken before are dropped.</summary>
    /// <param name="pcm">20 ms at <see cref="SampleRate"/>; anything else counts as <see cref="Skip"/>.</param>
    /// <returns>Packets that can be taken now: 0 to 2.</returns>
    public int Write(ReadOnlySpan<short> pcm) => WriteShared(pcm, null);

    /// <summary>As the public one, with encoders that may be shared, and with a packet that may stand for the audio.</summary>
    /// <param name="pcm">20 ms.</param>
    /// <param name="common">Of all who hear just this in this tick; null when nobody else does.</param>
    /// <param name="source">The only one who is heard, unchanged; null when there are others, or none.</param>
    internal int WriteShared(ReadOnlySpan<short> pcm, EncodeGroups? common, RoomMember? source = null)
    {
        if (pcm.Length != _encoding.Audio.FrameSamples)
        {
            Skip();
            return 0;
        }

        if (LevelExtension != 0)
        {
            _energy = AudioLevel.SumOfSquares(pcm) / (double)pcm.Length;
            _voice.Process(_energy);
        }

        var wasSilent = _isSilent;
        _isSilent = source is null && pcm.IndexOfAnyExcept((short)0) < 0;
        if (source is not null)
            _passThrough.Follow(source);
        IsPassedOn = source is not null && _passThrough.Allows(source.Original, _encoding, _class, wasSilent);
        _passed = IsPassedOn ? source : null;
        if (IsPassedOn)
        {
            Leave(common);
            Timestamp += FrameUnits;
            return 1;
        }

        if (source is null)
            _passThrough.Interrupt();
        Share(pcm, common);
        _encoding.Audio.Add(pcm);
        Timestamp += FrameUnits;
        return _encoding.Audio.Packets;
    }

    /// <summary>Writes the next packet that is complete. Call it until there is none.</summary>
    /// <param name="datagram">Receives header and payload; 1500 bytes always suffice.</param>
    /// <param name="length">Bytes written.</param>
    /// <returns>False when there is none: what is left waits for more audio.</returns>
    public bool TryTake(Span<byte> datagram, out int length)
    {
        length = 0;
        var header = HeaderLength;
        if (_passed is { } source)
        {
            _passed = null;
            var original = source.Original.Payload;
            if (!original.TryCopyTo(datagram.Length > header ? datagram[header..] : default))
            {
                _marker = true;
                return false;
            }

            length = Finish(datagram, Timestamp - FrameUnits, original.Length, _energy);
            return true;
        }

        while (true)
        {
            var start = Timestamp - UnitsOf(_encoding.Audio.Waiting);
            if (!_encoding.Audio.TryTake(out var pcm))
                return false;
            var bytes = datagram.Length > header ? Encode(pcm, datagram[header..]) : 0;
            if (bytes <= 0)
            {
                // DTX: nothing is sent for it, and the next packet opens a talk spurt (RFC 3551 §4.1).
                _marker = true;
                continue;
            }

            // RFC 6464 §3: of all samples in the packet.
            var energy = LevelExtension == 0 || pcm.IsEmpty ? 0 : AudioLevel.SumOfSquares(pcm) / (double)pcm.Length;
            length = Finish(datagram, start, bytes, energy);
            return true;
        }
    }

    /// <summary>
    /// Writes a packet of a telephone event in place of 20 ms of audio (RFC 4733 §2.3). Audio that waits for its packet is dropped.
    /// </summary>
    /// <param name="payloadType">Of telephone-event, 0 to 127.</param>
    /// <param name="code">Event code, 0 to 255.</param>
    /// <param name="end">Whether the event is over.</param>
    /// <param name="duration">Its length so far, in units of the clock of the payload type.</param>
    /// <param name="first">Whether it begins: then the packet has the marker (§2.2.1).</param>
    /// <param name="start">Timestamp of its first packet, which all of them have; by the clock of the audio (§2.1).</param>
    /// <param name="datagram">Receives 16 bytes.</param>
    /// <returns>16, or 0 when the buffer is too short: then it counts as <see cref="Skip"/>.</returns>
    public int WriteEvent(byte payloadType, byte code, bool end, ushort duration, bool first, uint start, Span<byte> datagram)
    {
        Skip();
        if (datagram.Length < RtpHeader.Length + 4)
            return 0;
        RtpHeader.Write(datagram, payloadType, first, _sequence++, start, Ssrc);
        var payload = datagram[RtpHeader.Length..];
        payload[0] = code;
        payload[1] = (byte)((end ? 0x80 : 0) | EventVolume);
        BinaryPrimitives.WriteUInt16BigEndian(payload[2..], duration);
        Count(4);
        return RtpHeader.Length + 4;
    }

    /// <summary>
    /// Time passes without audio: the timestamp moves on, and the next packet carries the marker (RFC 3551 §4.1). Audio that waits for its
    /// packet is dropped.
    /// </summary>
    /// <param name="frames">How many times 20 ms.</param>
    public void Skip(int frames = 1)
    {
        if (frames <= 0)
            return;
        _passed = null;
        _passThrough.Interrupt();
        _encoding.Audio.Clear();
        Timestamp += FrameUnits * (uint)frames;
        _marker = true;
    }

    /// <summary>
    /// Goes on with another format after a new offer and answer. Sequence and timestamp go on. So does the source while the clock rate
    /// stays; with another
    /// clock rate the stream is another source (RFC 7160 §4.1), and the caller says good-bye for the old one before (RFC 3550 §6.6).
    /// </summary>
    /// <param name="format">What is sent from now on.</param>
    /// <param name="packetTime">As negotiated.</param>
    /// <param name="ssrc">The source if there must be another one; chosen at random.</param>
    public void ChangeFormat(RtpFormat format, TimeSpan packetTime, uint ssrc)
    {
        ArgumentNullException.ThrowIfNull(format);
        var encoding = _encoding.Fits(format, packetTime) ? null : new RtpEncoding(format, packetTime);
        ChangeFormat(format, encoding, ssrc)?.Dispose();
    }

    /// <summary>Releases the encoder.</summary>
    public void Dispose() => _encoding.Dispose();

    /// <inheritdoc/>
    bool IQuickDisposal.IsQuick => IQuickDisposal.IsOurs(_encoding.Encoder);

    /// <summary>As the public one, with what was made before; null when <see cref="RtpEncoding.Fits"/>: the encoder goes on.</summary>
    /// <returns>What is not needed any more, to be disposed of; or null.</returns>
    internal RtpEncoding? ChangeFormat(RtpFormat format, RtpEncoding? encoding, uint ssrc)
    {
        _payloadType = format.PayloadType;
        if (encoding is null)
            return null;
        var before = _encoding;
        _encoding = encoding;
        _class = encoding.Class;
        (_shared, _isUsed, _passed, _apart) = (null, false, null, Moment + 2);
        _passThrough.Restart();
        _marker = true;
        if (encoding.Codec.ClockRate != before.Codec.ClockRate)
        {
            Ssrc = ssrc;
            Packets = Octets = 0; // §6.4.1
        }

        return before;
    }

    /// <summary>
    /// Writes a packet of another payload in place of 20 ms of audio, comfort noise for one (RFC 3389). Audio that waits for its packet is
    /// dropped.
    /// </summary>
    /// <param name="payloadType">0 to 127; its clock is that of the codec.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="datagram">Receives header and payload; 1500 bytes always suffice.</param>
    /// <returns>Bytes written.</returns>
    internal int WriteOther(byte payloadType, ReadOnlySpan<byte> payload, Span<byte> datagram)
    {
        RtpHeader.Write(datagram, payloadType, false, _sequence++, Timestamp, Ssrc);
        payload.CopyTo(datagram[RtpHeader.Length..]);
        Skip();
        Count(payload.Length);
        return RtpHeader.Length + payload.Length;
    }

    /// <summary>Chooses who encodes this frame: a shared encoder, or its own.</summary>
    private void Share(ReadOnlySpan<short> pcm, EncodeGroups? common)
    {
        _taken = 0;
        _shared = null;
        _listening = common is null ? 0 : _listening + 1;
        _apart = Math.Min(_apart + 1, Moment + 2);
        // A word between the words of others is not worth two changes.
        if (common is null || (_isUsed && _listening < MinListening && _apart > Moment + 1))
            return;
        _shared = common.Find(_encoding, _class, pcm, _encoding.Audio.Waiting);
        if (_shared is null)
            return;
        _apart = 0;
        ResetOwn();
    }

    /// <summary>A packet stands for this frame: nobody encodes it for this stream, which may listen with the others again.</summary>
    private void Leave(EncodeGroups? common)
    {
        _shared = null;
        _listening = common is null ? 0 : _listening + 1;
        common?.Keep(_encoding, _class);
        ResetOwn();
    }

    // Whatever it has encoded, the receiver has heard other things when its turn comes again.
    private void ResetOwn()
    {
        if (!_isUsed)
            return;
        (_encoding.Encoder as OpusEncoderBase)?.Reset();
        _isUsed = false;
    }

    private int Finish(Span<byte> datagram, uint start, int bytes, double energy)
    {
        RtpHeader.Write(datagram, _payloadType, _marker, _sequence++, start, Ssrc);
        if (LevelExtension != 0)
        {
            datagram[0] |= RtpHeader.Extension;
            RtpHeaderExtension.WriteLevel(
                datagram[RtpHeader.Length..], LevelExtension, AudioLevel.FromEnergy(energy), _voice.IsTalking);
        }

        _marker = false;
        Count(bytes);
        return HeaderLength + bytes;
    }

    private int Encode(ReadOnlySpan<short> pcm, Span<byte> output)
    {
        if (_shared is { } shared)
            return shared.Copy(_taken++, output);
        _isUsed = true;
        return _encoding.Encoder.Encode(pcm, output);
    }

    private uint UnitsOf(int samples) => (uint)((long)samples * ClockRate / SampleRate);

    private void Count(int bytes)
    {
        Packets++;
        TotalPackets++;
        Octets += bytes;
    }
}
