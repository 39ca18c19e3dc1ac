namespace Concentus;

public interface IOpusEncoder : IDisposable
{
    int Bitrate { get; set; }

    int Complexity { get; set; }

    int PacketLossPercent { get; set; }

    bool UseDTX { get; set; }

    bool UseInbandFEC { get; set; }

    bool UseVBR { get; set; }

    int Encode(ReadOnlySpan<short> in_pcm, int frame_size, Span<byte> out_data, int max_data_bytes);

    string GetVersionString();
}
