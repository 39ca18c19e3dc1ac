using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Media.Tests.Jitter;

/// <summary>A tone sent as PCMA packets over a scripted network into an <see cref="RtpReceiver"/> that is read every 20 ms.</summary>
internal sealed class Stream : IDisposable
{
    private readonly PriorityQueue<byte[], (TimeSpan Due, int Order)> _network = new();
    private readonly List<float> _heard = [];
    private readonly short[] _frame = new short[160];
    private int _order;
    private uint _timestamp = 1000;
    private ushort _sequence = 65530;

    public RtpReceiver Receiver { get; } = new(new RtpReceiverOptions
    {
        Formats = [new RtpFormat(8, PcmaCodec.Instance)],
        Events = [new RtpEventFormat(101, 8000)],
    });

    public TimeSpan Now { get; private set; }

    public uint Ssrc { get; set; } = 77;

    public double Hz { get; set; } = 440;

    /// <summary>Frames read, and how many of them were silent.</summary>
    public (int All, int Silent) Frames { get; private set; }

    public WavFile Heard => new(8000, [.. _heard]);

    /// <summary>Puts one packet on its way.</summary>
    public void Send(double delayMilliseconds, int samples = 160, TimeSpan? at = null)
    {
        var packet = new byte[RtpHeader.Length + samples];
        RtpHeader.Write(packet, 8, false, _sequence++, _timestamp, Ssrc);
        var pcm = Tone.Make(Hz, 8000, samples, 8000, (int)_timestamp);
        ALaw.Encode(pcm, packet.AsSpan(RtpHeader.Length));
        _timestamp += (uint)samples;
        Put(packet, (at ?? Now) + TimeSpan.FromMilliseconds(delayMilliseconds));
    }

    public void Put(byte[] packet, TimeSpan due) => _network.Enqueue(packet, (due, _order++));

    public void Lose(int samples = 160) => (_sequence, _timestamp) = ((ushort)(_sequence + 1), _timestamp + (uint)samples);

    public void JumpTimestamp(uint by) => _timestamp += by;

    public void Restart(ushort sequence) => _sequence = sequence;

    /// <summary>20 ms pass: what is due comes, then a frame is read.</summary>
    public bool Read(double milliseconds = 20)
    {
        Now += TimeSpan.FromMilliseconds(milliseconds);
        while (_network.TryPeek(out var packet, out var key) && key.Due <= Now)
        {
            _network.Dequeue();
            Receiver.OnPacket(packet, key.Due);
        }

        var sound = Receiver.ReadFrame(_frame, Now);
        Frames = (Frames.All + 1, Frames.Silent + (sound ? 0 : 1));
        foreach (var sample in _frame)
            _heard.Add(sample / 32768f);
        return sound;
    }

    public void Dispose() => Receiver.Dispose();
}
