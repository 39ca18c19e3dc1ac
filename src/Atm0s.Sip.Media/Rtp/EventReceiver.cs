using Atm0s.Sip.Media.Dtmf;

namespace Atm0s.Sip.Media.Rtp;

/// <summary>
/// The telephone events of one source (RFC 4733). Each payload type counts in its own clock. An event belongs to the payload type it
/// began with, whichever its repetitions come with, so that a key is never told twice.
/// </summary>
internal sealed class EventReceiver
{
    private readonly RtpEventFormat[] _formats;
    private readonly TelephoneEventDecoder[] _decoders;
    private (uint Timestamp, int Decoder) _last = (0, -1);

    public EventReceiver(IReadOnlyList<RtpEventFormat> formats)
    {
        _formats = [.. formats];
        _decoders = Array.ConvertAll(_formats, format => new TelephoneEventDecoder(format.ClockRate));
    }

    public bool Takes(byte payloadType) => Find(payloadType) >= 0;

    /// <returns>False when it is not a telephone event.</returns>
    public bool OnPacket(in RtpPacketView packet, TimeSpan now)
    {
        var decoder = _last.Decoder >= 0 && packet.Timestamp == _last.Timestamp ? _last.Decoder : Find(packet.PayloadType);
        _last = (packet.Timestamp, decoder);
        return _decoders[decoder].OnPacket(packet.Payload, packet.Timestamp, now);
    }

    /// <summary>Ends events whose end packets were lost.</summary>
    public void OnTime(TimeSpan now)
    {
        foreach (var decoder in _decoders)
            decoder.OnTime(now);
    }

    /// <summary>Another source.</summary>
    public void Restart()
    {
        foreach (var decoder in _decoders)
            decoder.Restart();
        _last.Decoder = -1;
    }

    public bool TryRead(out DtmfEvent e)
    {
        foreach (var decoder in _decoders)
        {
            if (decoder.TryRead(out e))
                return true;
        }

        e = default;
        return false;
    }

    private int Find(byte payloadType)
    {
        for (var i = 0; i < _formats.Length; i++)
        {
            if (_formats[i].PayloadType == payloadType)
                return i;
        }

        return -1;
    }
}
