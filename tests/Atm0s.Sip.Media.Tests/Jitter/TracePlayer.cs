using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Jitter;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Tests.Jitter;

/// <summary>Plays a trace through a jitter buffer, PCMA, one frame every 20 ms.</summary>
internal sealed class TracePlayer : IDisposable
{
    private readonly JitterBuffer _buffer;
    private readonly byte[] _audio;
    private readonly int _samples;

    /// <param name="audio">The sender's audio, 8000 Hz, repeated.</param>
    /// <param name="packetTime">Of a packet, in ms.</param>
    /// <param name="options">Of the buffer.</param>
    public TracePlayer(ReadOnlySpan<short> audio, int packetTime = 20, JitterBufferOptions? options = null)
    {
        _samples = packetTime * 8;
        _audio = new byte[audio.Length];
        ALaw.Encode(audio, _audio);
        _buffer = new JitterBuffer([new RtpFormat(8, PcmaCodec.Instance)], options ?? JitterBufferOptions.Default);
    }

    /// <summary>Whether packets are told to come with the tick that reads them, and not when they came.</summary>
    public bool IsRounded { get; init; }

    /// <summary>Called with each frame played.</summary>
    public Action<TimeSpan, short[]>? Heard { get; init; }

    public PlayoutFigures Figures => _buffer.Figures;

    /// <summary>Delay at each tick, in ms.</summary>
    public List<double> Delays { get; } = [];

    public TraceResult Play(List<TracePacket> trace)
    {
        var frame = new short[160];
        var (next, changes, moved) = (0, 0, TimeSpan.Zero);
        var phase = 0.0;
        for (var tick = 1; next < trace.Count; tick++)
        {
            var now = TimeSpan.FromMilliseconds(tick * 20);
            for (; next < trace.Count && trace[next].Arrival <= now.TotalMilliseconds; next++)
            {
                var (number, sent, arrival) = trace[next];
                phase = sent - ((long)number * _samples / 8.0);
                var start = (int)((long)number * _samples % (_audio.Length - _samples));
                var at = IsRounded ? now : TimeSpan.FromMilliseconds(arrival);
                _buffer.PutAudio(100_000 + number, (long)number * _samples, 0, _audio.AsSpan(start, _samples), at);
            }

            _buffer.Read(frame, now);
            Heard?.Invoke(now, frame);
            if (_buffer.Lag > 0)
                Delays.Add(_buffer.Lag - phase);
            if (_buffer.Figures.Inserted + _buffer.Figures.Removed != moved)
                (moved, changes) = (_buffer.Figures.Inserted + _buffer.Figures.Removed, changes + 1);
        }

        var time = trace[^1].Arrival - trace[0].Arrival;
        return new TraceResult(
            _buffer.Figures.Concealed.TotalMilliseconds / time,
            1 - ((_buffer.Figures.Played.TotalMilliseconds + 20) / (trace.Count * _samples / 8)),
            Delays.Average(),
            changes / (time / 60_000));
    }

    public void Dispose() => _buffer.Dispose();
}
