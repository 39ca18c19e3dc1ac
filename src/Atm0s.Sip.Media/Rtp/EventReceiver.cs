using Atm0s.Sip.Media.Dtmf;

namespace Atm0s.Sip.Media.Rtp;

/// <summary>
/// The telephone events of one source (RFC 4733). Each payload type counts in its own clock, but a key is one key, whichever payload types
/// its packets come with: it is never told twice.
/// </summary>
internal sealed class EventReceiver
{
    private readonly RtpEventFormat[] _formats;
    private TelephoneEventDecoder _decoder = new();

    public EventReceiver(IReadOnlyList<RtpEventFormat> formats) => _formats = [.. formats];

    public bool Takes(byte payloadType) => ClockOf(payloadType) > 0;

    /// <returns>False when it is not a telephone event.</returns>
    public bool OnPacket(in RtpPacketView packet, TimeSpan now) =>
        _decoder.OnPacket(packet.Payload, packet.Timestamp, ClockOf(packet.PayloadType), now);

    /// <summary>Ends events whose end packets were lost.</summary>
    public void OnTime(TimeSpan now) => _decoder.OnTime(now);

    /// <summary>Another source.</summary>
    public void Restart() => _decoder.Restart();

    /// <summary>Goes on with the keys of the receiver before.</summary>
    public void Continue(EventReceiver before)
    {
        _decoder = before._decoder;
        _decoder.Restart();
    }

    public bool TryRead(out DtmfEvent e) => _decoder.TryRead(out e);

    private int ClockOf(byte payloadType)
    {
        foreach (var format in _formats)
        {
            if (format.PayloadType == payloadType)
                return format.ClockRate;
        }

        return 0;
    }
}
