using System.Runtime.CompilerServices;
using Atm0s.Sip.Media.Audio;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Jitter;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Rtp;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Forwarding;

/// <summary>
/// A source of packets as a member of the room: its packets go through the buffer of a phone's. It takes no more of them than a voice has,
/// and a quarter, for its clock may be fast: a flood waits, and loses its oldest, in its own queue. Media thread only, but for
/// <see cref="End"/>.
/// </summary>
#pragma warning disable CA1001 // Release is its end, in which what it owns is handed to the pool.
internal sealed class SourceMember : RoomMember
#pragma warning restore CA1001
{
    private const byte PayloadType = 96;
    private const int LevelId = 1;
    private const int Extension = 8;
    private const int PerTick = OpusPacket.SampleRate / 40; // 25 ms
    private const int MaxBurst = OpusPacket.SampleRate / 4;

    private readonly RtpReceiver _receiver;
    private readonly LegDisposal _used;
    private volatile bool _isOver;
    private int _credit = MaxBurst;

    public SourceMember(OpusCodec codec, EncodedFrameQueue inlet, ILogger logger)
    {
        Inlet = inlet;
        _used = new LegDisposal(logger);
        _receiver = new RtpReceiver(
            new RtpReceiverOptions { Formats = [new RtpFormat(PayloadType, codec)], AudioLevelExtension = LevelId });
    }

    public EncodedFrameQueue Inlet { get; }

    public override int InputRate => OpusPacket.SampleRate;

    public override int OutputRate => OpusPacket.SampleRate;

    public override bool IsFinished => _isOver;

    protected override bool Listens => false;

    protected override bool IsSource => true;

    protected override OriginalPacket Packet => _receiver.Original;

    /// <summary>It leaves. Any thread.</summary>
    public void End() => _isOver = true;

    public override void Release(TimeSpan now)
    {
        _isOver = true;
        _used.Add(_receiver);
        _used.Begin();
    }

    public override void OnFailed() => _isOver = true;

    // A thread may be inside the receiver: it is let go of when that comes back.
    public override void OnTurnLost() => _isOver = true;

    protected override void OnPrepare(TimeSpan now) => _receiver.Prepare();

    protected override bool Read(Span<short> frame, TimeSpan now)
    {
        Drain(now);
        _receiver.IsUnheard = IsUnheard;
        var heard = _receiver.ReadFrame(frame, now);
        IsReal = _receiver.IsFrameWhole;
        if (IsReal)
            Energy = heard ? AudioLevel.SumOfSquares(frame) / (double)frame.Length : 0;
        return heard;
    }

    protected override void Write(ReadOnlySpan<short> frame, TimeSpan now)
    {
    }

    [SkipLocalsInit]
    private void Drain(TimeSpan now)
    {
        Span<byte> packet = stackalloc byte[RtpHeader.Length + Extension + EncodedFrame.MaxBytes];
        _credit = Math.Min(_credit + PerTick, MaxBurst);
        while (_credit > 0 && Inlet.TryRead(packet[(RtpHeader.Length + Extension)..], out var frame, out var arrival))
        {
            _credit -= frame.Samples;
            var start = frame.Level is null ? Extension : 0;
            var datagram = packet[start..(RtpHeader.Length + Extension + frame.Payload.Length)];
            RtpHeader.Write(datagram, PayloadType, false, frame.SequenceNumber, frame.Timestamp, 1);
            if (frame.Level is { } level)
                WriteLevel(datagram, level, frame.HasVoice);
            _receiver.OnPacket(datagram, arrival < now ? arrival : now);
        }
    }

    // RFC 6464 §3, in an element of RFC 8285 §4.2.
    private static void WriteLevel(Span<byte> datagram, int level, bool voice)
    {
        datagram[0] |= 0x10;
        var extension = datagram[RtpHeader.Length..];
        (extension[0], extension[1], extension[2], extension[3]) = (0xBE, 0xDE, 0, 1);
        extension[4] = LevelId << 4;
        extension[5] = (byte)((voice ? 0x80 : 0) | Math.Clamp(level, 0, 127));
        (extension[6], extension[7]) = (0, 0);
    }
}
