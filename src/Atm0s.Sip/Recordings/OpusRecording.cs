using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Resampling;
using Atm0s.Sip.Sounds.Ogg;

namespace Atm0s.Sip.Recordings;

/// <summary>Ogg Opus (RFC 7845): one stream for each channel, in packets of 20 ms and pages of a second.</summary>
internal sealed class OpusRecording : IRecordingFile
{
    private const int PreSkip = 312;    // what libopus looks ahead for speech, at 48 kHz
    private const int FrameSamples = 960;

    private readonly Stream _output;
    private readonly OggPageWriter _pages;
    private readonly IAudioEncoder[] _encoders;
    private readonly IResampler?[] _resamplers;
    private readonly short[] _channel;
    private readonly short[] _wide = new short[FrameSamples];
    private readonly byte[] _encoded = new byte[OpusPacket.MaxFrameBytes];
    private readonly byte[] _packet;
    private long _packets;
    private long _frames;   // of the recording

    public OpusRecording(Stream output, int rate, int channels, uint serial)
    {
        _output = output;
        _pages = new OggPageWriter(output, serial);
        _packet = new byte[channels * (OpusPacket.MaxFrameBytes + 2)];
        _channel = new short[rate / 50];
        _resamplers = [.. Enumerable.Range(0, channels).Select(_ => rate == 48_000 ? null : Resampler.Create(rate, 48_000))];
        _encoders = [.. Enumerable.Range(0, channels).Select(_ => OpusFiles.Provider.CreateEncoder(
            new OpusEncoderOptions { UseInBandFec = false, ExpectedLossPercent = 0 }))];
        try
        {
            _pages.Add(new OpusHead(channels, PreSkip, channels, 0).Write(rate));
            _pages.Write(0);
            _pages.Add(Tags());
            _pages.Write(0);
            output.Flush();
        }
        catch
        {
            // The disk is full: nobody gets this to dispose of.
            DisposeEncoders();
            throw;
        }
    }

    public bool IsFull => false;

    public void Write(ReadOnlySpan<short> frame)
    {
        _frames++;
        Encode(frame);
    }

    public void Checkpoint()
    {
        if (_pages.HasPackets)
            _pages.Write(_packets * FrameSamples);
        _output.Flush();
    }

    // RFC 7845 §4: the last page tells where the sound ends; what the encoders still hold is brought out by silence.
    public void Finish()
    {
        Encode(new short[_channel.Length * _encoders.Length]);
        _pages.Write((_frames * FrameSamples) + PreSkip, isLast: true);
        _output.Flush();
    }

    public void Dispose()
    {
        DisposeEncoders();
        _output.Dispose();
    }

    // RFC 7845 §5.2: who wrote it, and no comments.
    private static byte[] Tags()
    {
        var vendor = "Atm0s.Sip"u8;
        var tags = new byte[8 + 4 + vendor.Length + 4];
        "OpusTags"u8.CopyTo(tags);
        tags[8] = (byte)vendor.Length;
        vendor.CopyTo(tags.AsSpan(12));
        return tags;
    }

    private void DisposeEncoders()
    {
        foreach (var encoder in _encoders)
            encoder.Dispose();
    }

    private void Encode(ReadOnlySpan<short> frame)
    {
        var length = 0;
        for (var channel = 0; channel < _encoders.Length; channel++)
        {
            for (var i = 0; i < _channel.Length; i++)
                _channel[i] = frame[(i * _encoders.Length) + channel];
            ReadOnlySpan<short> pcm = _channel;
            if (_resamplers[channel] is { } resampler)
                pcm = _wide.AsSpan(0, resampler.Process(_channel, _wide));
            var encoded = _encoded.AsSpan(0, _encoders[channel].Encode(pcm, _encoded));
            // What an encoder does not give is 20 ms of nothing (RFC 6716 §3.2.1: a frame without bytes).
            if (encoded.IsEmpty || (channel < _encoders.Length - 1 && (encoded[0] & 3) != 0))
                encoded = _encoded.AsSpan(0, Nothing());
            if (channel < _encoders.Length - 1)
            {
                length += SelfDelimited.Write(encoded, _packet.AsSpan(length));
            }
            else
            {
                encoded.CopyTo(_packet.AsSpan(length));
                length += encoded.Length;
            }
        }

        if (!_pages.Fits(length))
            _pages.Write(_packets * FrameSamples);
        _pages.Add(_packet.AsSpan(0, length));
        _packets++;
    }

    private int Nothing()
    {
        _encoded[0] = 0x78; // hybrid, full band, 20 ms, one channel, one frame
        return 1;
    }
}
