using System.Globalization;
using System.Net;

namespace Atm0s.Sip.Interop.Processes;

/// <summary>ffmpeg as a bare sender of RTP: it knows no SIP, and sends a tone in real time.</summary>
public static class Ffmpeg
{
    /// <summary>Starts it.</summary>
    /// <param name="hz">The tone.</param>
    /// <param name="dbfs">Level of its peak.</param>
    /// <param name="payloadType">Payload type.</param>
    /// <param name="encoder">ffmpeg's encoder and its options, for example "pcm_alaw".</param>
    /// <param name="rate">Samples per second.</param>
    /// <param name="destination">Where to.</param>
    public static ChildProcess Send(double hz, double dbfs, int payloadType, string encoder, int rate, IPEndPoint destination)
    {
        Prerequisites.Require("ffmpeg");
        var amplitude = Math.Pow(10, dbfs / 20);
        var tone = string.Create(CultureInfo.InvariantCulture, $"aevalsrc={amplitude}*sin(2*PI*{hz}*t):s={rate}");
        string[] arguments =
        [
            "-nostdin", "-v", "error", "-re", "-f", "lavfi", "-i", tone, "-t", "120", "-ac", "1", "-ar", $"{rate}", "-c:a",
                .. encoder.Split(' '),
            "-payload_type", $"{payloadType}", "-f", "rtp", $"rtp://{destination}?pkt_size=172",
        ];
        return ChildProcess.Start("ffmpeg", "ffmpeg", arguments);
    }
}
