using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Tests.Dtmf;

/// <summary>
/// A phone's key presses on their way into an <see cref="RtpReceiver"/>, 20 ms at a time, over a network that loses what it is told to.
/// </summary>
internal sealed class EventStream : IDisposable
{
    private readonly byte _payloadType;
    private readonly int _clock;
    private readonly int _timestampClock;
    private uint _timestamp = 4000;
    private ushort _sequence = 65_000;

    /// <param name="clock">Of durations.</param>
    /// <param name="timestampClock">Of timestamps; the audio's.</param>
    /// <param name="payloadType">Of events.</param>
    public EventStream(int clock = 8000, int? timestampClock = null, byte payloadType = 101)
    {
        (_payloadType, _clock, _timestampClock) = (payloadType, clock, timestampClock ?? clock);
        Receiver = MakeReceiver();
    }

    public RtpReceiver Receiver { get; private set; }

    public TimeSpan Now { get; private set; }

    public uint Ssrc { get; set; } = 7;

    /// <summary>What was told, in order.</summary>
    public List<DtmfEvent> Told { get; } = [];

    public string Digits => string.Concat(Told.Select(e => e.Digit));

    /// <summary>Whether the packet of now is lost, by its number in the press.</summary>
    public Func<int, bool> IsLost { get; set; } = _ => false;

    /// <summary>A key is held: a packet each 20 ms, and three at the end; then a pause.</summary>
    /// <param name="digit">The key.</param>
    /// <param name="milliseconds">How long.</param>
    /// <param name="pause">Of audio after it.</param>
    /// <param name="onPacket">What happens before each packet.</param>
    public void Press(char digit, int milliseconds, int pause = 100, Action<int>? onPacket = null)
    {
        var code = (byte)"0123456789*#ABCD".IndexOf(digit, StringComparison.Ordinal);
        var start = _timestamp;
        var told = 0;
        var frames = milliseconds / 20;
        for (var i = 0; i < frames + 2; i++)
        {
            onPacket?.Invoke(i);
            var duration = (Math.Min(i + 1, frames) * (_clock / 50)) - told;
            var full = duration > ushort.MaxValue;
            Send(i, start,
                [code, (byte)(!full && i >= frames - 1 ? 0x8A : 0x0A), (byte)(Math.Min(duration, 0xFFFF) >> 8),
                (byte)Math.Min(duration, 0xFFFF)], _payloadType);
            if (!full)
                continue;
            told += ushort.MaxValue;
            start += (uint)((long)ushort.MaxValue * _timestampClock / _clock);
        }

        for (var i = 0; i < pause / 20; i++)
            Send(-1, _timestamp, new byte[160], 8);
    }

    /// <summary>Another receiver goes on, as after an offer and answer.</summary>
    public void ChangeReceiver()
    {
        var next = MakeReceiver();
        next.ContinueEvents(Receiver);
        Receiver.Dispose();
        Receiver = next;
    }

    public void Dispose() => Receiver.Dispose();

    private RtpReceiver MakeReceiver() => new(new RtpReceiverOptions
    {
        Formats = [new RtpFormat(8, PcmaCodec.Instance)],
        Events = [new RtpEventFormat(101, 8000), new RtpEventFormat(102, 48_000)],
    });

    private void Send(int number, uint timestamp, byte[] payload, byte payloadType)
    {
        var packet = new byte[RtpHeader.Length + payload.Length];
        RtpHeader.Write(packet, payloadType, number == 0, _sequence++, timestamp, Ssrc);
        payload.CopyTo(packet, RtpHeader.Length);
        if (!IsLost(number))
            Receiver.OnPacket(packet, Now);
        _timestamp += (uint)(_timestampClock / 50);
        Now += TimeSpan.FromMilliseconds(20);
        Receiver.ReadFrame(new short[Receiver.SampleRate / 50], Now);
        while (Receiver.TryReadEvent(out var e))
            Told.Add(e);
    }
}
