using Atm0s.Sip.Media.Audio;
using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Diagnostics;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Resampling;
using Atm0s.Sip.Media.Rtp;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Forwarding;

/// <summary>
/// A room of one leg as a place among Opus streams. What the leg says comes out as packets: its own where it speaks Opus and is heard as it
/// speaks, encoded here otherwise. What <see cref="OpusSource"/>s say goes in as packets: decoded and mixed, or, from a single one to a leg
/// that takes them, as they are. Numbers and timestamps go on at every change.
/// </summary>
public sealed class OpusExchange
{
    private const int Samples = OpusPacket.SampleRate / 50;
    private const int PerTick = Samples * 5 / 4; // of the leg's packets: a voice and a quarter, for its clock may be fast
    private const int MaxBurst = OpusPacket.SampleRate / 2; // what a stall of the network may have kept back

    // Mean square of the softest code of A-law, which has none for zero.
    private const double Silence = 64;

    private readonly MixRoom _room;
    private readonly OpusCodec _codec;
    private readonly IOpusExchangeObserver _observer;
    private readonly ILogger _logger;
    private readonly IAudioEncoder _encoder;
    private readonly IResampler _from8 = Resampler.Create(8000, OpusPacket.SampleRate);
    private readonly IResampler _from16 = Resampler.Create(16_000, OpusPacket.SampleRate);
    private readonly short[] _pcm = new short[Samples];
    private readonly byte[] _payload = new byte[EncodedFrame.MaxBytes];
    private readonly StreamNumbers _numbers = new(0, 0);
    private readonly FrameClock _clock = new();
    private uint _time;         // of the tick, in samples
    private ushort _encoded;    // packets made here
    private int _credit = MaxBurst; // samples of the leg's packets that may come out
    private int _listeners;     // in this tick: who speaks here, and hears the others
    private bool _hasSaid;      // in this tick a frame has come out
    private int _told;          // frames that are still to be heard, and whose packets came out when they came
    private bool _hasPassed;    // somebody's packets come out in this tick, if there are any
    private volatile bool _isPassing;
    private bool _hasFailed;

    private OpusExchange(MixRoom room, OpusCodec codec, bool forwardsOne, IOpusExchangeObserver observer)
    {
        _room = room;
        _codec = codec;
        ForwardsOne = forwardsOne;
        _observer = observer;
        _logger = room.Groups.Logger;
        _encoder = codec.CreateEncoder(AudioEncoderSettings.Default);
    }

    /// <summary>Makes a room that of one leg and of sources of packets. To be called once, before the leg joins.</summary>
    /// <param name="room">The room.</param>
    /// <param name="codec">Encodes what the leg says when it does not speak Opus, or is not heard as it speaks; decodes the sources.</param>
    /// <param name="forwardsOne">Whether packets of a single source go to a leg that takes Opus as they are.</param>
    /// <param name="observer">Gets what the leg says.</param>
    /// <exception cref="InvalidOperationException">The room is one already.</exception>
    public static OpusExchange Open(MixRoom room, OpusCodec codec, bool forwardsOne, IOpusExchangeObserver observer)
    {
        ArgumentNullException.ThrowIfNull(room);
        ArgumentNullException.ThrowIfNull(codec);
        ArgumentNullException.ThrowIfNull(observer);
        if (room.Exchange is not null)
            throw new InvalidOperationException("The room has an exchange already.");
        return room.Exchange = new OpusExchange(room, codec, forwardsOne, observer);
    }

    /// <summary>Whether the packets that come out are those of the leg; else they are encoded here, or none come.</summary>
    public bool IsPassing => _isPassing;

    /// <summary>Whether packets of a single source go to the leg as they are.</summary>
    internal bool ForwardsOne { get; }

    /// <summary>Whether somebody hears the mix of what the leg says, as of the last tick: who stands for it in the room.</summary>
    internal bool HasListeners { get; private set; }

    /// <summary>A tick begins, before anybody speaks. Media thread.</summary>
    internal void Begin(TimeSpan now)
    {
        if (!_hasPassed && _isPassing)
            StopPassing();
        if (_told > 0 && !_hasPassed && !_hasSaid)
            _told--; // its turn was in silence
        HasListeners = _listeners > 1;
        (_listeners, _hasSaid, _hasPassed) = (0, false, false);
        var frames = _clock.Advance(now);
        _time += (uint)(Samples * frames);
        _credit = (int)Math.Min(_credit + ((long)PerTick * frames), MaxBurst);
    }

    /// <summary>Adds somebody whom the leg hears. Any thread; decoder and buffers are made here.</summary>
    /// <param name="maxQueued">What may wait for the tick, 20 ms to 10 s: the oldest is lost beyond.</param>
    /// <returns>Null when the room is closed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Out of that range.</exception>
    public OpusSource? AddSource(TimeSpan maxQueued)
    {
        var member = new SourceMember(_codec, new EncodedFrameQueue(maxQueued), _logger);
        _room.MakeWay(member, member.InputRate, member.OutputRate);
        if (_room.TryPost(new RoomOperation(member, null)))
            return new OpusSource(member, _room.Clock);
        member.Release(TimeSpan.Zero);
        return null;
    }

    /// <summary>A packet of the leg, heard as it is. Media thread, before the frame of the tick.</summary>
    internal void OnPacket(in RtpPacketView packet, int levels, double energy)
    {
        int? level = levels > 0 && packet.TryGetAudioLevel(levels, out var told, out _) ? told : AudioLevel.FromEnergy(energy);
        if (!EncodedFrame.TryDescribe(packet.SequenceNumber, packet.Timestamp, packet.Payload, level, out var frame))
            return;
        // A flood: what is too much is lost to whoever hears the leg.
        if (_credit <= 0)
            return;
        _credit -= frame.Samples;
        if (!_isPassing)
            _numbers.Begin(_time);
        _isPassing = true;
        Tell(frame);
    }

    /// <summary>
    /// What the leg says in a tick, or who stands for it while it is elsewhere: it hands over to that one and back, and where both say
    /// something in one tick the first one counts. Media thread.
    /// </summary>
    /// <param name="frame">20 ms.</param>
    /// <param name="heard">False is silence.</param>
    /// <param name="isPassed">Whether it is told by <see cref="OnPacket"/> already.</param>
    /// <param name="waiting">Then: frames behind it that are as well.</param>
    internal void OnFrame(ReadOnlySpan<short> frame, bool heard, bool isPassed, int waiting = 0)
    {
        _listeners++;
        _hasPassed |= isPassed;
        if (isPassed)
            _told = waiting;
        if (!heard || _hasPassed || _hasSaid)
            return;
        if (_isPassing)
            StopPassing();
        _hasSaid = true;
        if (_told > 0)
        {
            _told--; // nothing is told twice
            return;
        }

        Encode(frame);
    }

    /// <summary>The room ends.</summary>
    internal void Release()
    {
        var used = new LegDisposal(_logger);
        used.Add(_encoder);
        used.Begin();
    }

    private void StopPassing()
    {
        _isPassing = false;
        (_encoder as OpusEncoderBase)?.Reset();
        _numbers.Begin(_time);
    }

    private void Encode(ReadOnlySpan<short> frame)
    {
        var energy = AudioLevel.SumOfSquares(frame) / (double)frame.Length;
        if (energy <= Silence)
            return;
        if (frame.Length == Samples)
            frame.CopyTo(_pcm);
        else
            (frame.Length == Samples / 6 ? _from8 : _from16).Process(frame, _pcm);
        var bytes = _encoder.Encode(_pcm, _payload);
        if (bytes > 0
            && EncodedFrame.TryDescribe(_encoded, _time, _payload.AsSpan(0, bytes), AudioLevel.FromEnergy(energy), out var encoded))
        {
            _encoded++;
            Tell(encoded);
        }
    }

    private void Tell(in EncodedFrame frame)
    {
        if (!_numbers.TryMap(frame.SequenceNumber, frame.Timestamp, frame.Samples, _time, out var number, out var time))
            return;
        try
        {
            _observer.OnFrame(new EncodedFrame
            {
                SequenceNumber = number,
                Timestamp = time,
                Samples = frame.Samples,
                Level = frame.Level,
                HasVoice = frame.HasVoice,
                Payload = frame.Payload,
            });
        }
        catch (Exception e)
        {
            if (!_hasFailed)
                MediaLog.MemberFailed(_logger, e, _room.Id);
            _hasFailed = true;
        }
    }
}
