using Atm0s.Sip.Calls.Records.Capture;

namespace Atm0s.Sip;

/// <summary>
/// Writes SIP messages as a capture file (pcap, LINKTYPE_RAW) for Wireshark, tshark, sngrep and their like. What is around the messages is
/// made up from the addresses: IPv4 or IPv6, UDP or TCP.
/// </summary>
public static class PcapWriter
{
    /// <summary>Writes a whole file.</summary>
    /// <param name="stream">Where to; not closed.</param>
    /// <param name="messages">The messages of one or several calls, in any order; those whose addresses are not known are left out.</param>
    public static void Write(Stream stream, IEnumerable<WireTraceEntry> messages)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(messages);
        var capture = new CaptureFile(stream);
        // Stable: of one moment, as they were written down.
        foreach (var message in messages.OrderBy(message => message.Timestamp))
            capture.Add(message);
    }
}
