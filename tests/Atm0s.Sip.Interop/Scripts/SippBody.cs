namespace Atm0s.Sip.Interop.Scripts;

/// <summary>A body in a message of sipp.</summary>
/// <param name="Type">Its Content-Type.</param>
/// <param name="Text">Itself, with sipp's keywords.</param>
internal sealed record SippBody(string Type, string Text)
{
    /// <summary>A session of PCMA at sipp's media port.</summary>
    /// <param name="version">Version of the session (RFC 3264 §8): one more with each new offer.</param>
    /// <param name="direction">sendrecv, sendonly, recvonly or inactive.</param>
    public static SippBody Sdp(int version = 1, string direction = "sendrecv") => new("application/sdp", SdpText(version, direction));

    /// <summary>A session between two other parts (RFC 5621).</summary>
    public static SippBody Multipart(SippBody before, SippBody session, string handling) => new(
        "multipart/mixed;boundary=part",
        $"""
        --part
        Content-Type: {before.Type}
        Content-Disposition: render;handling={handling}

        {before.Text}
        --part
        Content-Type: {session.Type}

        {session.Text}
        --part--
        """);

    private static string SdpText(int version, string direction) => $"""
        v=0
        o=sipp 7 {version} IN IP4 [local_ip]
        s=-
        c=IN IP4 [media_ip]
        t=0 0
        m=audio [media_port] RTP/AVP 8 101
        a=rtpmap:8 PCMA/8000
        a=rtpmap:101 telephone-event/8000
        a={direction}
        """;
}
