using System.Buffers.Binary;
using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.MediaQuality.Signals;

namespace Atm0s.Sip.MediaQuality.Streams;

/// <summary>A phone that only keeps what comes, with its time. It loses and delays nothing itself.</summary>
internal sealed class Listener(IAudioCodec codec)
{
    private readonly List<(TimeSpan At, byte[] Packet)> _packets = [];

    /// <summary>Codec of the phone.</summary>
    public IAudioCodec Codec => codec;

    /// <summary>Takes a datagram; what is no audio of its codec is passed over.</summary>
    public void Hear(ReadOnlySpan<byte> datagram, TimeSpan at)
    {
        if (!RtpPacketView.TryParse(datagram, out var packet))
            return;
        if (packet.PayloadType == Codecs.PayloadType(codec) && packet.Payload.Length > 0)
            _packets.Add((at, datagram.ToArray()));
    }

    /// <summary>Decodes everything, each packet where its timestamp says.</summary>
    /// <param name="ignored">Packets of the beginning that are left out.</param>
    public Heard Decode(int ignored = 0)
    {
        using var decoder = codec.CreateDecoder();
        var rate = decoder.SampleRate;
        var perUnit = (double)rate / codec.ClockRate;
        var pcm = new short[rate / 1000 * 120];
        var pieces = new List<(long Start, short[] Samples, TimeSpan At)>();
        long start = 0, end = 0, lost = 0, longestGap = 0;
        int? last = null;
        uint before = 0;
        TimeSpan? previous = null;
        foreach (var (at, bytes) in _packets.Skip(ignored))
        {
            if (!RtpPacketView.TryParse(bytes, out var packet))
                continue;
            var step = last is { } l ? (short)(packet.SequenceNumber - l) : 1;
            if (step <= 0)
                continue;
            lost += step - 1;
            start += last is null ? 0 : (long)((packet.Timestamp - before) * perUnit);
            (last, before) = (packet.SequenceNumber, packet.Timestamp);
            var count = Math.Max(0, decoder.Decode(packet.Payload, pcm));
            pieces.Add((start, pcm[..count], at));
            end = start + count;
            if (previous is { } p)
                longestGap = Math.Max(longestGap, (at - p).Ticks);
            previous = at;
        }

        var samples = new float[Math.Max(0, end)];
        var times = new List<(long Start, TimeSpan At)>();
        foreach (var (from, piece, at) in pieces)
        {
            times.Add((from, at));
            for (var i = 0; i < piece.Length && from + i < samples.Length; i++)
                samples[from + i] = piece[i] / 32768f;
        }

        return new Heard(
            LowPass.Change(samples, rate, Speech.Rate),
            times.ConvertAll(time => (time.Start * (Speech.Rate / rate), time.At)),
            pieces.Count,
            lost,
            TimeSpan.FromTicks(longestGap));
    }
}
