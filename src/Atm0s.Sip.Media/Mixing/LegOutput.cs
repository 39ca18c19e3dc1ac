using System.Runtime.CompilerServices;
using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>What goes to the peer: each tick audio, or the packet of a digit in its place, or nothing. Media thread only.</summary>
internal sealed class LegOutput(LegTransport transport, RtpSender sender, TelephoneEventEncoder digits)
{
    private const int MaxDatagram = 2048;
    private const int MaxFrame = 960; // 20 ms at 48 kHz

    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15); // RFC 6263 §7

    private readonly FrameClock _clock = new();
    private TimeSpan _lastSent;
    private bool _isSending = true;

    /// <summary>Packets that went out; those that may not be sent yet are not among them.</summary>
    public long PacketsSent { get; private set; }

    /// <summary>Sends 20 ms.</summary>
    /// <param name="frame">20 ms at the rate of the sender.</param>
    /// <param name="parameters">What was agreed on.</param>
    /// <param name="now">Time of the tick.</param>
    [SkipLocalsInit]
    public void Write(ReadOnlySpan<short> frame, RtpLegParameters parameters, TimeSpan now)
    {
        var frames = _clock.Advance(now);
        sender.Skip(frames - 1);
        if (!parameters.Send)
        {
            sender.Skip();
            _isSending = false;
            Keep(now);
            return;
        }

        _lastSent = now;
        Span<byte> datagram = stackalloc byte[MaxDatagram];
        var length = WriteEvent(parameters, frames, datagram);
        if (length > 0)
            Send(datagram[..length]);
        else
            WriteAudio(frame, datagram);
        _isSending = true;
    }

    private void WriteAudio(ReadOnlySpan<short> frame, Span<byte> datagram)
    {
        if (_isSending)
            sender.Write(frame);
        else
            WriteFadedIn(frame);
        while (sender.TryTake(datagram, out var length))
            Send(datagram[..length]);
    }

    // Resumed in the middle of a word.
    [SkipLocalsInit]
    private void WriteFadedIn(ReadOnlySpan<short> frame)
    {
        Span<short> faded = stackalloc short[MaxFrame];
        faded = faded[..frame.Length];
        frame.CopyTo(faded);
        AudioGain.Ramp(faded, 0, AudioGain.One);
        sender.Write(faded);
    }

    private int WriteEvent(RtpLegParameters parameters, int frames, Span<byte> datagram)
    {
        if (parameters.SendEvents is { } format)
            return digits.Write(sender, format, frames, datagram);
        digits.Clear();
        return 0;
    }

    private void Keep(TimeSpan now)
    {
        if (now - _lastSent < KeepAlive)
            return;
        // RFC 6263 §4.1, §7: an empty datagram keeps the binding of a NAT between us and the peer; no stack takes it for media.
        _lastSent = now;
        transport.Send([]);
    }

    private void Send(ReadOnlySpan<byte> datagram)
    {
        if (!transport.Send(datagram))
            return;
        PacketsSent++;
        transport.Counters.PacketsSent++;
    }
}
