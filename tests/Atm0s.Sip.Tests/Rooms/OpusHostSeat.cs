using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Codecs.Opus;

namespace Atm0s.Sip.Tests.Rooms;

/// <summary>A seat that keeps what it is told.</summary>
internal sealed class OpusHostSeat(OpusSeatOptions options, OpusHostSeat.FrameHandler? handler) : IOpusRoomSeat
{
    private readonly byte[] _buffer = new byte[OpusFrame.MaxBytes];

    public delegate bool FrameHandler(OpusHostSeat seat, in OpusFrame frame);

    public OpusSeatOptions Options => options;

    public IOpusAudio? Audio { get; private set; }

    public bool IsDisposed { get; private set; }

    public List<long> Lost { get; } = [];

    /// <summary>What was read: number, time, length, level, and the packet.</summary>
    public List<(ushort Number, uint Time, int Samples, int? Level, byte[] Packet)> Frames { get; } = [];

    public void OnConnected(IOpusAudio audio) => Audio = audio;

    public bool OnFrame(in OpusFrame frame) => handler?.Invoke(this, frame) ?? false;

    public void OnFramesLost(long lost) => Lost.Add(lost);

    public void Read()
    {
        while (Audio!.TryRead(_buffer, out var frame))
            Frames.Add((frame.SequenceNumber, frame.Timestamp, frame.Samples, frame.Level, frame.Payload.ToArray()));
    }

    /// <summary>What was read, decoded.</summary>
    public WavFile Decoded()
    {
        using var decoder = LibOpusCodecProvider.Instance.CreateDecoder();
        var pcm = new short[OpusPacket.MaxSamples];
        return new WavFile(48_000, [.. Frames.SelectMany(f => pcm[..decoder.Decode(f.Packet, pcm)].Select(s => s / 32768f).ToArray())]);
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }
}
