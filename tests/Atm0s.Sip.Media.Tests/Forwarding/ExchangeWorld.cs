using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Forwarding;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.Media.Tests.Mixing;

namespace Atm0s.Sip.Media.Tests.Forwarding;

/// <summary>One phone in a room with an exchange, and sources that say tones; moved by hand.</summary>
internal sealed class ExchangeWorld : IOpusExchangeObserver, IDisposable
{
    private readonly MediaWorld _world = new();
    private readonly List<Voice> _voices = [];
    private readonly IAudioDecoder _decoder = LibOpusCodecProvider.Instance.CreateDecoder();
    private readonly short[] _pcm = new short[OpusPacket.MaxSamples];

    public ExchangeWorld(int maxSpeakers = 3, bool forwards = true)
    {
        Room = _world.Engine.CreateRoom("exchange");
        Room.MaxSpeakers = maxSpeakers;
        Exchange = OpusExchange.Open(Room, Codec, forwards, this);
    }

    public static OpusCodec Codec { get; } = new(LibOpusCodecProvider.Instance, new OpusEncoderOptions { ExpectedLossPercent = 0 });

    public MediaWorld Media => _world;

    public MixRoom Room { get; }

    public OpusExchange Exchange { get; }

    /// <summary>What came out, while it is kept.</summary>
    public List<(ushort Number, uint Time, int? Level, bool Voice, byte[] Payload)> Out { get; } = [];

    /// <summary>The same, decoded.</summary>
    public List<short> Said { get; } = [];

    public bool Keeps { get; set; } = true;

    public int Frames { get; private set; }

    /// <summary>A phone that speaks Opus.</summary>
    public OpusPhone AddOpusPhone(int levels = 0, bool passThrough = true) =>
        new(_world.Engine, _world.Network, Room, 77, levels, passThrough);

    /// <summary>A phone that speaks PCMA.</summary>
    public TestPhone AddPhone() => _world.AddPhone(room: Room);

    /// <summary>A source that says a tone.</summary>
    public Voice AddVoice(double hz, double amplitude = 4000)
    {
        var voice = new Voice(Exchange.AddSource(TimeSpan.FromMilliseconds(200))!, Tones(hz, amplitude));
        _voices.Add(voice);
        return voice;
    }

    /// <summary>Packets of a tone, which repeats without a seam.</summary>
    public static byte[][] Tones(double hz, double amplitude)
    {
        var pcm = Tone.Make(hz, 48_000, 48_000 + 4800, amplitude);
        return [.. OpusPhone.Encode(pcm.Chunk(960)).Select(frame => frame.Payload).Skip(5)];
    }

    /// <summary>Ticks; each voice says a frame before each.</summary>
    public void Run(int ticks, Action? before = null, Action? after = null)
    {
        for (var i = 0; i < ticks; i++)
        {
            before?.Invoke();
            foreach (var voice in _voices)
                voice.Say();
            _world.Run(MediaClock.Period.TotalSeconds);
            after?.Invoke();
        }
    }

    public void OnFrame(in EncodedFrame frame)
    {
        Frames++;
        if (!Keeps)
            return;
        Out.Add((frame.SequenceNumber, frame.Timestamp, frame.Level, frame.HasVoice, frame.Payload.ToArray()));
        Said.AddRange(_pcm.AsSpan(0, _decoder.Decode(frame.Payload, _pcm)));
    }

    public void Dispose()
    {
        _decoder.Dispose();
        _world.Dispose();
    }

    internal sealed class Voice(OpusSource source, byte[][] packets)
    {
        private int _next;

        public OpusSource Source => source;

        public bool IsSpeaking { get; set; } = true;

        public ushort Number { get; set; }

        public uint Time { get; set; }

        public int? Level { get; set; }

        /// <summary>Packets said so far.</summary>
        public List<byte[]> Packets { get; } = [];

        public void Say()
        {
            Time += 960;
            if (!IsSpeaking)
                return;
            var packet = packets[_next++ % packets.Length];
            Packets.Add(packet);
            Push(Number++, Time, packet);
        }

        public bool Push(ushort number, uint time, byte[] packet) => source.Push(
            new EncodedFrame { SequenceNumber = number, Timestamp = time, Samples = 0, Level = Level, HasVoice = true, Payload = packet });
    }
}
