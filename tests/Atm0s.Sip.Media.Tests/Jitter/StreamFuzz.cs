using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Tests.Jitter;

/// <summary>
/// A sender gone mad, from a seed: well-formed packets whose sequence numbers, timestamps, SSRC, payload types and arrival times step
/// and jump in ways that random bytes never hit. After each read what must always hold is checked.
/// </summary>
internal sealed class StreamFuzz : IDisposable
{
    private static readonly int[] Steps =
        [1, 1, 1, 2, 3, 5, 31, 63, 64, 65, 99, 100, 127, 128, 129, 200, 255, 256, 2999, 3000, 32767, 32768];

    private static readonly long[] Jumps =
        [80, 159, 160, 161, 320, 1000, 3200, 8000, 16_000, 48_000, 1 << 20, 1L << 31, (1L << 31) - 160, -160];

    private readonly Random _random;
    private readonly RtpReceiver _receiver;
    private readonly (byte Type, int Clock)[] _types;
    private readonly byte[][] _payloads;
    private readonly byte[] _datagram = new byte[1700];
    private readonly short[] _frame = new short[960];
    private readonly Queue<(byte[] Datagram, int Length)> _held = new();
    private ushort _sequence;
    private uint _timestamp;
    private uint _ssrc = 1;
    private int _type;
    private TimeSpan _now;
    private (TimeSpan Concealed, TimeSpan Played, TimeSpan Inserted, TimeSpan Removed, long Discarded, long Resyncs, long Lost) _figures;

    public StreamFuzz(int seed, IReadOnlyList<IAudioCodec> codecs, JitterBufferOptions? options = null)
    {
        _random = new Random(seed);
        var formats = new List<RtpFormat>();
        for (var i = 0; i < codecs.Count; i++)
            formats.Add(new RtpFormat((byte)(codecs[i].StaticPayloadType >= 0 ? codecs[i].StaticPayloadType : 96 + i), codecs[i]));
        _receiver = new RtpReceiver(new RtpReceiverOptions
        {
            Formats = formats,
            Events = [new RtpEventFormat(101, codecs[0].ClockRate), new RtpEventFormat(102, 8000)],
            ComfortNoisePayloadType = 13,
            JitterBuffer = options ?? JitterBufferOptions.Default,
        });
        _types = [.. formats.Select(format => (format.PayloadType, format.Codec.ClockRate))];
        _payloads = [.. codecs.SelectMany(MakePayloads)];
        _sequence = (ushort)_random.Next(65536);
        _timestamp = (uint)_random.NextInt64(1L << 32);
    }

    /// <summary>Codecs by name: those that are here.</summary>
    public static IReadOnlyList<IAudioCodec> Codecs(string names)
    {
        var codecs = new List<IAudioCodec>();
        foreach (var name in names.Split(' '))
        {
            if (name == "PCMA")
                codecs.Add(PcmaCodec.Instance);
            else if (name == "PCMU")
                codecs.Add(PcmuCodec.Instance);
            else if (name == "opus" && LibOpusCodecProvider.Instance.IsAvailable)
                codecs.Add(new OpusCodec(LibOpusCodecProvider.Instance));
        }

        return codecs;
    }

    public void Run(long reads)
    {
        for (var i = 0L; i < reads; i++)
        {
            var packets = _random.Next(
                100) switch { < 5 => 0, < 80 => 1, < 90 => 2, < 95 => _random.Next(6), < 99 => 3, _ => _random.Next(80) };
            for (var n = 0; n < packets; n++)
                Send();
            Read();
        }
    }

    public void Dispose() => _receiver.Dispose();

    private void Send()
    {
        Step();
        var (type, clock) = _types[_type];
        var kind = _random.Next(60);
        var payload = _payloads[_random.Next(_payloads.Length)];
        if (kind == 0)
        {
            type = (byte)(101 + _random.Next(2));
            payload = [(byte)_random.Next(18), (byte)_random.Next(256), 1, (byte)_random.Next(256)];
        }
        else if (kind == 1)
            (type, payload) = (13, [(byte)_random.Next(128), (byte)_random.Next(256)]);
        else if (kind == 2)
            type = (byte)_random.Next(128);
        else if (kind == 3)
            payload = payload[.._random.Next(payload.Length + 1)];
        RtpHeader.Write(_datagram, type, kind == 4, _sequence, _timestamp, _ssrc);
        payload.CopyTo(_datagram.AsSpan(RtpHeader.Length));
        var length = RtpHeader.Length + payload.Length;
        _timestamp += (uint)(clock / 50);
        if (kind == 5)
            _held.Enqueue((_datagram[..length], length));
        else
            _receiver.OnPacket(_datagram.AsSpan(0, length), Arrival());
        if (kind == 6)
            _receiver.OnPacket(_datagram.AsSpan(0, length), Arrival());
        if (kind == 7 && _held.TryDequeue(out var held))
            _receiver.OnPacket(held.Datagram.AsSpan(0, held.Length), Arrival());
    }

    private void Step()
    {
        _sequence++;
        switch (_random.Next(120))
        {
            case 0:
                _sequence += (ushort)Steps[_random.Next(Steps.Length)];
                break;
            case 1:
                _sequence -= (ushort)Steps[_random.Next(Steps.Length)];
                break;
            case 2:
                _timestamp += (uint)Jumps[_random.Next(Jumps.Length)];
                break;
            case 3:
                _timestamp -= (uint)Jumps[_random.Next(Jumps.Length)];
                break;
            case 4:
                _sequence += (ushort)Steps[_random.Next(Steps.Length)];
                _timestamp -= (uint)Jumps[_random.Next(Jumps.Length)];
                break;
            case 5:
                _ssrc = (uint)_random.Next(3);
                break;
            case 6:
                _type = _random.Next(_types.Length);
                break;
            case 7:
                _sequence = (ushort)_random.Next(65536);
                break;
            case 8 when _random.Next(4) == 0:
                _timestamp = (uint)_random.NextInt64(1L << 32);
                break;
        }
    }

    private TimeSpan Arrival() => _random.Next(4) == 0 ? _now : _now - TimeSpan.FromMilliseconds(20 * _random.NextDouble());

    private void Read()
    {
        _now += TimeSpan.FromMilliseconds(_random.Next(500) switch { 0 => 20 * _random.Next(100), 1 => 5 + _random.Next(40), _ => 20 });
        if (_random.Next(300) == 0)
            _now += TimeSpan.FromSeconds(_random.Next(20));
        var rate = _receiver.SampleRate;
        if (_random.Next(8) != 0)
            _receiver.Prepare();
        else
            Must(rate == _receiver.SampleRate, "The rate changes in Prepare only.");
        var frame = _frame.AsSpan(0, _receiver.SampleRate / 50);
        frame.Fill(77);
        var heard = _receiver.ReadFrame(frame, _now);
        Must(_receiver.IsConsistent, "The parts agree.");
        Must(heard == frame.IndexOfAnyExcept((short)0) >= 0, "What is not heard is silence.");
        while (_receiver.TryReadEvent(out _))
        {
        }

        Check();
    }

    private void Check()
    {
        Must(_receiver.Delay >= TimeSpan.Zero && _receiver.Delay < TimeSpan.FromHours(1), $"A delay of {_receiver.Delay}.");
        var figures = (
            _receiver.ConcealedAudio,
            _receiver.PlayedAudio,
            _receiver.InsertedAudio,
            _receiver.RemovedAudio,
            _receiver.PacketsDiscarded,
            _receiver.Resyncs,
            _receiver.Statistics.TotalLost);
        Must(
            figures.ConcealedAudio >= _figures.Concealed && figures.PlayedAudio >= _figures.Played
                && figures.InsertedAudio >= _figures.Inserted && figures.RemovedAudio >= _figures.Removed
                && figures.PacketsDiscarded >= _figures.Discarded && figures.Resyncs >= _figures.Resyncs,
            "Counters never fall.");
        _figures = figures;
    }

    private static void Must(bool condition, string what)
    {
        if (!condition)
            throw new InvalidOperationException(what);
    }

    private static IEnumerable<byte[]> MakePayloads(IAudioCodec codec)
    {
        var pcm = Tone.MakeVoice(codec.SampleRate, codec.SampleRate / 50 * 8);
        using var encoder = codec.CreateEncoder();
        var output = new byte[1500];
        for (var i = 0; i < 8; i++)
        {
            var length = encoder.Encode(pcm.AsSpan(i * codec.SampleRate / 50, codec.SampleRate / 50), output);
            yield return output[..length];
        }

        yield return output[..80];
        yield return output[..1500];
    }
}
