using System.Runtime.CompilerServices;
using Atm0s.Sip.Media.ComfortNoise;
using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>
/// What goes to the peer: each tick audio, or the packet of a digit in its place, or a description of a pause, or nothing. Media thread
/// only.
/// </summary>
internal sealed class LegOutput(LegTransport transport, RtpSender sender, TelephoneEventEncoder digits)
{
    private const int MaxDatagram = 2048;
    private const int MaxFrame = 960; // 20 ms at 48 kHz

    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15); // RFC 6263 §7

    private readonly FrameClock _clock = new();
    private RtpLegParameters? _parameters;
    private InbandDtmfGenerator? _tones;
    private DiscontinuousTransmission? _pauses;
    private TimeSpan _lastSent;
    private bool _isSending = true;

    /// <summary>Packets that went out; those that may not be sent yet are not among them.</summary>
    public long PacketsSent { get; private set; }

    /// <summary>Goes by a plan.</summary>
    public void Follow(LegPlan plan)
    {
        _parameters = plan.Parameters;
        sender.LevelExtension = plan.Parameters.SendAudioLevelExtension;
        _tones = LegPlan.SendsTones(plan.Parameters) ? plan.Tones ?? _tones : null;
        _pauses = LegPlan.DescribesPauses(plan.Parameters) ? plan.Pauses ?? _pauses : null;
    }

    /// <summary>Sends 20 ms.</summary>
    /// <param name="frame">20 ms at the rate of the sender.</param>
    /// <param name="common">Encoders of all who hear just this; null when nobody else does.</param>
    /// <param name="source">Who is heard, when it is one alone and nothing is changed of it; else null.</param>
    /// <param name="now">Time of the tick.</param>
    [SkipLocalsInit]
    public void Write(ReadOnlySpan<short> frame, EncodeGroups? common, RoomMember? source, TimeSpan now)
    {
        var frames = _clock.Advance(now);
        sender.Skip(frames - 1);
        if (!_parameters!.Send || transport.IsHeldBack)
        {
            sender.Skip();
            _isSending = false;
            Keep(now);
            return;
        }

        Span<byte> datagram = stackalloc byte[MaxDatagram];
        var length = WriteEvent(frames, datagram);
        if (length > 0)
            Send(datagram[..length], now);
        else
            WriteAudio(frame, common, _parameters.PassThrough ? source : null, datagram, now);
        _isSending = true;
    }

    [SkipLocalsInit]
    private void WriteAudio(
        ReadOnlySpan<short> frame, EncodeGroups? common, RoomMember? source, Span<byte> datagram, TimeSpan now)
    {
        Span<short> changed = stackalloc short[MaxFrame];
        changed = changed[..frame.Length];
        if (MakeTone(changed))
        {
            WriteVoice(changed, null, null, datagram, now);
            return;
        }

        if (_isSending)
        {
            WriteVoice(frame, common, source, datagram, now);
            return;
        }

        // Resumed in the middle of a word.
        frame.CopyTo(changed);
        AudioGain.Ramp(changed, 0, AudioGain.One);
        WriteVoice(changed, null, null, datagram, now);
    }

    private void WriteVoice(
        ReadOnlySpan<short> frame, EncodeGroups? common, RoomMember? source, Span<byte> datagram, TimeSpan now)
    {
        if (_pauses is not null && WritePause(frame, datagram, now))
            return;
        sender.WriteShared(frame, common, source);
        while (sender.TryTake(datagram, out var length))
        {
            Send(datagram[..length], now);
            transport.Counters.SharedPayloads += sender.IsShared ? 1 : 0;
            transport.Counters.PassedPayloads += sender.IsPassedOn ? 1 : 0;
        }
    }

    private bool WritePause(ReadOnlySpan<short> frame, Span<byte> datagram, TimeSpan now)
    {
        Span<byte> description = stackalloc byte[ComfortNoiseEncoder.MaxLength];
        var verdict = _pauses!.Process(frame, description, out var length);
        if (verdict == DtxVerdict.Audio)
            return false;
        if (verdict == DtxVerdict.Nothing)
            sender.Skip();
        else
            Send(datagram[..sender.WriteOther((byte)_parameters!.ComfortNoisePayloadType, description[..length], datagram)], now);
        return true;
    }

    private bool MakeTone(Span<short> frame)
    {
        if (_tones is null)
            return false;
        if (_tones.Generate(frame))
            return true;
        if (!digits.TryTake(out var tone))
            return false;
        _tones.Add(tone);
        return _tones.Generate(frame);
    }

    private int WriteEvent(int frames, Span<byte> datagram)
    {
        if (_parameters!.SendEvents is { } format)
            return digits.Write(sender, format, frames, datagram);
        if (_tones is null)
            digits.Clear();
        return 0;
    }

    private void Keep(TimeSpan now)
    {
        // RFC 6263 §4.1, §7: an empty datagram keeps the binding of a NAT between us and the peer; no stack takes it for media.
        if (now - _lastSent >= KeepAlive)
            Send([], now);
    }

    private void Send(ReadOnlySpan<byte> datagram, TimeSpan now)
    {
        _lastSent = now;
        if (!transport.Send(datagram) || datagram.IsEmpty)
            return;
        PacketsSent++;
        transport.Counters.PacketsSent++;
    }
}
